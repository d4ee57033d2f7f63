import CallModel
import Testing

/// The facts of one fixture, what became of them undisturbed, and which calls each of them is about.
struct Telling {
    let facts: [Fact]
    let bench: Bench
    /// By fact: the calls that it, or the session, line or queue it names, has to do with.
    private let calls: [Set<String>]

    init(_ fixture: Fixture) {
        facts = fixture.deliveries.flatMap(Bench.facts)
        bench = Self.run(facts)
        // Calls are known by what their facts have in common: an id, a session, a dialogue, a line, a party.
        var names = facts.map(Self.names)
        // Names of one fact are names of one thing, and so on through all facts that share one.
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for one in names.indices {
                for other in names.indices where one != other && !names[one].isDisjoint(with: names[other]) {
                    let both = names[one].union(names[other])
                    if both != names[one] || both != names[other] {
                        names[one] = both
                        names[other] = both
                        isGrowing = true
                    }
                }
            }
        }
        // A call is about the names of the facts that made it speak.
        var owners: [Set<String>] = facts.map { _ in [] }
        var tracker = CallTracker()
        var seen: Set<FactID> = []
        var about: [String: Set<String>] = [:]
        for (index, fact) in facts.enumerated() {
            _ = tracker.advance(to: fact.observed)
            guard seen.insert(fact.id).inserted else { continue }
            for draft in tracker.observe(fact) where draft.type.rawValue.hasPrefix("call.") {
                about[draft.subject, default: []].formUnion(names[index])
            }
            if case .call(let call) = fact.content, case .keys(let keys) = call.reference {
                for key in keys {
                    guard let id = tracker.call(named: key)?.id.rawValue else { continue }
                    about[id, default: []].formUnion(names[index])
                }
            }
        }
        for index in facts.indices {
            owners[index] = Set(about.filter { !$0.value.isDisjoint(with: names[index]) }.keys)
        }
        calls = owners
    }

    /// Everything by which a fact may touch a call. A registration teaches us that a line is ours.
    private static func names(_ fact: Fact) -> Set<String> {
        switch fact.content {
        case .lineRegistered(let line): return ["line \(line)"]
        case .call(let call):
            var names: Set<String> = []
            switch call.reference {
            case .keys(let keys): for key in keys { names.insert("key \(key.rawValue)") }
            case .parties(let line, _, _): names.insert("line \(line)")
            }
            if let session = call.session { names.insert("session \(session)") }
            for key in [call.dialog, call.replaces].compactMap({ $0 }) { names.insert("dialog \(key.rawValue)") }
            for party in [call.local, call.remote].compactMap({ $0?.number }) { names.insert("line \(party)") }
            return names
        default: return []
        }
    }

    static func run(_ facts: [Fact]) -> Bench {
        var bench = Bench()
        for fact in facts { bench.feed([fact], at: fact.observed) }
        bench.finish(after: facts.map(\.observed).max() ?? Fixture.start)
        return bench
    }

    /// The calls about which everything is still said when these facts are not.
    func determined(without lost: Set<Int>) -> Set<String> {
        let touched = lost.reduce(into: Set<String>()) { $0.formUnion(calls[$1]) }
        return Set(bench.outcomes.keys).subtracting(touched)
    }

    /// Whether the provider's clock tells the order of two neighbours whatever their order of arrival.
    func isOrderTold(of one: Int, _ other: Int) -> Bool {
        guard let first = facts[one].time, let second = facts[other].time else { return false }
        return first < second && facts[other].observed.since(facts[one].observed) <= .minutes(1)
            && calls[one] == calls[other] && calls[one].count == 1 && !isContradictory
            && facts[one].call?.isNamed == true && facts[other].call?.isNamed == true
    }

    private var isContradictory: Bool {
        let ends = facts.filter { $0.call?.step.isEndOfCall == true }.compactMap(\.time)
        let answers = facts.filter { $0.call?.step.isAnswer == true }.compactMap(\.time)
        return answers.contains { answer in ends.contains { $0 < answer } }
    }

    /// Whether one call's answer or stated outcome, and its end, are told even so.
    func isOutcomeTold(without lost: Set<Int>) -> Bool {
        guard bench.outcomes.count == 1, !isContradictory, facts.allSatisfy({ $0.call?.isNamed ?? true }) else {
            return false
        }
        guard lost.allSatisfy({ facts[$0].call?.step.isByTheWay ?? true && facts[$0].call?.replaces == nil }) else {
            return false
        }
        let rest = facts.indices.filter { !lost.contains($0) }.compactMap { facts[$0].call?.step }
        let isOutcomeStated = rest.contains { step in
            if case .ended(let ending) = step { ending.outcome != nil } else { false }
        }
        return rest.contains(where: \.isEndOfCall) && (isOutcomeStated || rest.contains(where: \.isAnswer))
    }

    func expectUnchanged(without lost: Set<Int>, _ location: SourceLocation = #_sourceLocation) {
        let bench = Self.run(facts.indices.filter { !lost.contains($0) }.map { facts[$0] })
        Self.expectOrderly(bench, location)
        let same = determined(without: lost)
        func summaries(_ bench: Bench) -> [EventDraft] {
            bench.drafts.filter { $0.type == .callSummary && same.contains($0.subject) }.sorted {
                $0.subject < $1.subject
            }
        }
        #expect(summaries(bench) == summaries(self.bench), "without \(lost.sorted())", sourceLocation: location)
        guard isOutcomeTold(without: lost) else { return }
        #expect(
            bench.sortedOutcomes == self.bench.sortedOutcomes, "without \(lost.sorted())", sourceLocation: location)
    }

    static func expectOrderly(_ bench: Bench, _ location: SourceLocation = #_sourceLocation) {
        var ends: [String: Int] = [:]
        var summaries: [String: Int] = [:]
        for draft in bench.drafts where draft.type.rawValue.hasPrefix("call.") {
            ends[draft.subject, default: 0] += draft.type == .callEnded ? 1 : 0
            summaries[draft.subject, default: 0] += draft.type == .callSummary ? 1 : 0
        }
        for (subject, count) in ends {
            #expect(count == 1, "ends of \(subject)", sourceLocation: location)
            #expect(summaries[subject] == 1, "summaries of \(subject)", sourceLocation: location)
        }
        let outcomes = bench.outcomes
        for call in bench.connected {
            #expect(outcomes[call] != .missed && outcomes[call] != .noAnswer, "\(call)", sourceLocation: location)
        }
        #expect(bench.tracker.openCalls.isEmpty, sourceLocation: location)
    }
}

extension Bench {
    var sortedOutcomes: [String] { outcomes.values.map(\.rawValue).sorted() }
}

extension Fact {
    fileprivate var call: CallFact? {
        if case .call(let call) = content { call } else { nil }
    }
}

extension CallFact {
    /// By an id, not by its parties.
    fileprivate var isNamed: Bool {
        if case .keys = reference { true } else { false }
    }
}

extension CallFact.Step {
    fileprivate var isEndOfCall: Bool {
        if case .ended = self { true } else { false }
    }

    fileprivate var isAnswer: Bool {
        if case .connected = self { true } else { false }
    }

    /// Says nothing of how the call came out.
    fileprivate var isByTheWay: Bool {
        switch self {
        case .initiated, .queued, .ringing, .ringingStopped, .agentOffered, .agentFailed, .held, .resumed: true
        default: false
        }
    }
}
