import CallModel

/// Holds what the stream said against what really happened.
struct SiteJudge {
    private let scenario: SiteScenario
    private let run: SiteRun
    private var faults: [SiteFault] = []
    /// The last word on each call.
    private var last: [String: (source: SourceName, data: CallData)] = [:]
    /// The last word on how each call came out, which is where durations are told.
    private var concluded: [String: CallData] = [:]
    private var subjects: [String] = []

    static func faults(in run: SiteRun, of scenario: SiteScenario) -> [SiteFault] {
        var judge = SiteJudge(scenario: scenario, run: run)
        judge.checkStream()
        judge.checkCalls()
        judge.checkMessages()
        return judge.faults
    }

    private init(scenario: SiteScenario, run: SiteRun) {
        self.scenario = scenario
        self.run = run
    }

    private mutating func fault(_ rule: String, _ part: Int?, _ detail: String) {
        let kind = part.flatMap { index in scenario.parts.first { $0.index == index }?.story.kind } ?? "the stream"
        faults.append(SiteFault(rule: rule, part: part, detail: "\(kind) (part \(part ?? -1)): \(detail)"))
    }

    // MARK: - The stream by itself

    private mutating func checkStream() {
        var ids: Set<EventID> = []
        var ends: [String: Int] = [:]
        var summaries: [String: Int] = [:]
        for draft in run.drafts {
            if !ids.insert(draft.id).inserted {
                fault("ids are unique", nil, "\(draft.type.rawValue) \(draft.subject)")
            }
            guard case .call(let data) = draft.data else { continue }
            let subject = draft.subject
            if last[subject] == nil { subjects.append(subject) }
            last[subject] = (draft.source, data)
            if data.outcome != nil { concluded[subject] = data }
            let part = story(of: data)
            if summaries[subject] != nil, draft.type != .callUpdated, draft.type != .callCorrected,
                draft.type != .callSummary
            {
                fault("nothing follows a summary but corrections", part, "\(draft.type.rawValue) \(subject)")
            }
            if ends[subject] != nil, data.state != .ended {
                fault("a call stays ended", part, "\(draft.type.rawValue) \(subject)")
            }
            if draft.type == .callEnded { ends[subject, default: 0] += 1 }
            if draft.type == .callSummary { summaries[subject, default: 0] += 1 }
            for span in [data.ring, data.talk, data.wait].compactMap({ $0 }) where span.milliseconds < 0 {
                fault("no duration is negative", part, subject)
            }
        }
        for subject in subjects {
            let part = last[subject].flatMap { story(of: $0.data) }
            if ends[subject] != 1 { fault("a call ends once", part, "\(subject): \(ends[subject] ?? 0)") }
            if summaries[subject] != 1 {
                fault("a call has one summary", part, "\(subject): \(summaries[subject] ?? 0)")
            }
        }
        for call in run.tracker.openCalls { fault("nothing stays open", nil, call.id.rawValue) }
    }

    /// The story with the outside number.
    private func story(of data: CallData) -> Int? {
        guard let remote = data.remote?.number, remote.hasPrefix("+3363998"), let digits = Int(remote.suffix(4)) else {
            return nil
        }
        return digits / 2
    }

    // MARK: - Calls

    private mutating func checkCalls() {
        var found: [Place: String] = [:]
        let truths = truthsByName()
        for subject in subjects {
            guard let (source, data) = last[subject] else { continue }
            let places = Self.names(subject, source, data).compactMap { truths[$0] }.first ?? []
            guard let place = places.first(where: { found[$0] == nil }) ?? places.last else {
                if let part = story(of: data), isExcused(part) { continue }
                fault("every call of the stream is real", story(of: data), "\(subject) \(data.provider)")
                continue
            }
            if let other = found[place] {
                if !isExcused(place.part) { fault("one call is one call", place.part, "\(other) and \(subject)") }
                continue
            }
            found[place] = subject
        }
        for part in scenario.parts {
            for call in part.story.calls.indices {
                check(part, call, subject: found[Place(part: part.index, call: call)], found)
            }
        }
        checkSessions(found)
    }

    private struct Place: Hashable {
        var part: Int
        var call: Int
    }

    /// In the order of their turns, where several have one name.
    private func truthsByName() -> [String: [Place]] {
        var truths: [String: [Place]] = [:]
        for part in scenario.parts {
            for (index, call) in part.story.calls.enumerated() {
                let name: String
                switch call.identity {
                case .call(let id, let line): name = "\(call.source) call \(id) \(line ?? "")"
                case .turn(let id, _): name = "\(call.source) call \(id) "
                case .dialog(let id, let line): name = "\(call.source) dialog \(id) \(line ?? "")"
                case .asked(let id): name = "asked \(id)"
                case .parties(let remote, let line): name = "\(call.source) parties \(remote) \(line)"
                }
                truths[name, default: []].append(Place(part: part.index, call: index))
            }
        }
        return truths
    }

    private static func names(_ subject: String, _ source: SourceName, _ data: CallData) -> [String] {
        let line = data.local?.line ?? ""
        var names = ["asked \(subject)"]
        if let call = data.provider.call { names += ["\(source) call \(call) \(line)", "\(source) call \(call) "] }
        if let dialog = data.provider.dialog { names.append("\(source) dialog \(dialog) \(line)") }
        if data.provider.call == nil, data.provider.dialog == nil, let remote = data.remote?.number {
            names.append("\(source) parties \(remote) \(line)")
        }
        return names
    }

    private mutating func check(_ part: SiteScenario.Part, _ index: Int, subject: String?, _ found: [Place: String]) {
        let call = part.story.calls[index]
        let evidence = run.evidence[part.index]?[index] ?? []
        let mates = part.story.calls.indices.filter {
            $0 != index && call.group != nil && part.story.calls[$0].group == call.group
        }
        let isElsewhere = mates.contains { mate in
            let told = run.evidence[part.index]?[mate] ?? []
            // An answer may have been concluded: then it is one for all, or for nobody.
            let outcome = found[Place(part: part.index, call: mate)].flatMap { concluded[$0]?.outcome }
            return told.contains(.answered) || told.contains(.talking)
                || [.answered, .voicemail, .transferred].contains(outcome)
        }
        let verdict = Verdict(
            call: call, evidence: evidence, isAnsweredElsewhere: isElsewhere,
            direction: subject.flatMap { last[$0]?.data.direction } ?? .unknown)
        guard let subject, let (_, data) = last[subject], let end = concluded[subject] else {
            if verdict.opens, !isExcused(part.index) {
                fault("every real call is in the stream", part.index, "call \(index), \(evidence)")
            }
            return
        }
        let what = "call \(index) \(subject), truth \(call.outcome.rawValue), told \(evidence)"
        let isReached = [Outcome.answered, .voicemail, .transferred].contains(call.outcome)
        if let outcome = end.outcome, !verdict.outcomes.contains(outcome), !isExcused(part.index) {
            fault("the outcome is true", part.index, "\(outcome.rawValue) \(end.basis), \(what)")
        }
        if isReached, end.outcome == .missed || end.outcome == .noAnswer {
            if evidence.contains(.answered) || evidence.contains(.talking), !isExcused(part.index) {
                fault("an answered call is never missed", part.index, what)
            }
            if end.basis == .reported { fault("what is concluded says so", part.index, what) }
        }
        if !verdict.directions.contains(data.direction) {
            fault("the direction is true", part.index, "\(data.direction.rawValue), \(what)")
        }
        if data.remote?.number != call.remote {
            fault("the other side is true", part.index, "\(data.remote?.number ?? "nobody"), \(what)")
        }
        checkSpans(part, call, end, evidence, what)
    }

    private mutating func checkSpans(
        _ part: SiteScenario.Part, _ call: TrueCall, _ data: CallData, _ evidence: [Meaning], _ what: String
    ) {
        // A bridge that came to nothing looks like an answer to whoever did not hear that.
        let isTakenBackUnheard = part.story.sent.enumerated().contains { place, sent in
            part.disturbances[place] == .lost && sent.tells.contains { $0.meaning == .takenBack }
        }
        let losses = part.disturbances.values.count { $0 == .lost }
        guard !isExcused(part.index), !isTakenBackUnheard || losses == 1 else { return }
        let isWhole =
            part.disturbances.isEmpty
            && part.story.sent.allSatisfy { sent in
                scenario.restarts.allSatisfy { !$0.covers(sent.arrives) }
            }
        func differ(_ one: Span, _ other: Span) -> Bool {
            // Queues count whole seconds.
            let precision: Int64 = call.family != .queue ? 5 : evidence.contains(.bridgeOver) ? 1_000 : 2_000
            return abs(one.milliseconds - other.milliseconds) > precision
        }
        let isEnded = evidence.contains { if case .ended = $0 { true } else { false } }
        if let wait = call.wait {
            if let told = data.wait {
                if differ(told, wait) { fault("the wait is true", part.index, "\(told) for \(wait), \(what)") }
            } else if isWhole || (call.outcome == .abandoned && isEnded) {
                fault("the wait is told", part.index, what)
            }
        }
        if let talk = call.talk, evidence.contains(.answered) || evidence.contains(.bridged), isEnded {
            if let told = data.talk {
                if differ(told, talk) { fault("the talk is true", part.index, "\(told) for \(talk), \(what)") }
            } else if isWhole {
                fault("the talk is told", part.index, what)
            }
        }
    }

    private mutating func checkSessions(_ found: [Place: String]) {
        var owners: [String: Int] = [:]
        for part in scenario.parts where !isExcused(part.index) {
            var groups: [Int: String] = [:]
            for (index, call) in part.story.calls.enumerated() {
                guard let subject = found[Place(part: part.index, call: index)], let data = last[subject]?.data else {
                    continue
                }
                if let session = data.session {
                    if owners[session, default: part.index] != part.index {
                        fault("a session is one story", part.index, "\(session) of \(owners[session] ?? -1)")
                    }
                    owners[session] = part.index
                }
                guard let group = call.group else { continue }
                guard let session = data.session else {
                    fault("what belongs together has a session", part.index, subject)
                    continue
                }
                if groups[group, default: session] != session {
                    fault("what belongs together has one session", part.index, subject)
                }
                groups[group] = session
            }
        }
    }

    /// Where the providers' facts no longer determine the calls:
    /// * Keyyo's notifications do not name our request, and are matched with it within a minute. Where none comes in
    ///   that time, they make a call of their own;
    /// * a clock that is set while the daemon is down is found out by the journal only if it goes back, and only by
    ///   as much as it goes behind the last word there. What it went ahead is time that passed: deadlines end calls,
    ///   and names that are kept for a time are forgotten.
    private func isExcused(_ index: Int) -> Bool {
        guard let part = scenario.parts.first(where: { $0.index == index }) else { return false }
        let times = part.story.sent.map(\.at)
        guard let begin = times.min(), let end = times.max() else { return false }
        if part.story.kind == "we place a call of a Keyyo line", isHeardOfLate(part, begin) { return true }
        return scenario.jumps.contains { jump in
            begin <= jump.at && jump.at <= end + 60_000 && scenario.restarts.contains { $0.covers(jump.at) }
        }
    }

    /// Whether no notification of a call we placed comes within a minute.
    private func isHeardOfLate(_ part: SiteScenario.Part, _ begin: Int64) -> Bool {
        let heard = part.story.sent.enumerated().dropFirst().compactMap { place, sent -> Int64? in
            let at = sent.arrives
            switch part.disturbances[place] {
            case .lost?: return nil
            case .late(let delay)?: return scenario.restarts.contains { $0.covers(at + delay) } ? nil : at + delay
            case .doubled?, nil: return scenario.restarts.contains { $0.covers(at) } ? nil : at
            }
        }
        return heard.allSatisfy { $0 > begin + 150 + 60_000 }
    }

    // MARK: - Messages

    /// Every report of a message is told once, and makes no call.
    private mutating func checkMessages() {
        var told: [SourceName: Int] = [:]
        for draft in run.drafts where draft.type == .messageStatus || draft.type == .messageReceived {
            told[draft.source, default: 0] += 1
        }
        for source in [Site.campaigns, Site.json]
        where told[source, default: 0] != run.messages[source, default: []].count {
            fault(
                "every message is told once", nil,
                "\(source): \(told[source, default: 0]) for \(run.messages[source, default: []].count)")
        }
        if told[Site.legacy, default: 0] != run.orangeTexts {
            fault("every text is told", nil, "\(told[Site.legacy, default: 0]) for \(run.orangeTexts)")
        }
    }
}
