import CallModel

/// Events of a queue: FreeSWITCH `mod_callcenter` events under OVH's names (OVH guide; FreeSWITCH's own source for
/// which field comes with which action). Every field may be absent; all values are strings.
extension OVHDecoder {
    func decodeQueue(_ event: OVHEvent, _ delivery: Delivery) -> [Fact] {
        guard let word = event.word else { return [.unparsed("event without a name", "queues", delivery)] }
        let queue = (event["Queue"] ?? event.resource).map(identity) ?? ""
        if word == "members-count" || word == "member-count" { return count(event, word, queue, delivery) }

        var facts: [Fact] = []
        let step: CallFact.Step?
        let agent = event["QueueAgent"] ?? event["Agent"] ?? event["QueueAgentUUID"] ?? "unknown"
        let agentLine = OVHAgentName(agent).map { identity($0.line) }
        switch word {
        case "member-queue-start", "member-queue-resume": step = .queued
        case "agent-offering": step = .agentOffered(agent: agent, line: agentLine)
        case "bridge-agent-start": step = .agentBridged(agent: agent, line: agentLine)
        case "bridge-agent-fail", "bridge-agent-failed":
            let cause = event["QueueHangupCause"]
            step = .agentFailed(
                agent: agent, line: agentLine, outcome: Self.outcome(ofLeg: cause),
                cause: Cause(code: cause?.lowercased(), by: .unknown, raw: cause))
        case "bridge-agent-end":
            step = .agentUnbridged(
                agent: agent, line: agentLine, bridged: event["QueueAgentBridged"]?.lowercased() != "false")
        case "member-queue-end": step = .ended(ending(event))
        default:
            step = .remark
            facts.append(.unparsed("unknown event", word, delivery))
        }
        guard let member = event["QueueMemberUUID"], let step else {
            if facts.isEmpty { facts.append(.unparsed("queue event without a member", word, delivery)) }
            return facts
        }
        facts.append(fact(event, word, step, member: member, agent: agent, queue: queue, delivery))
        return facts
    }

    private func fact(
        _ event: OVHEvent, _ word: String, _ step: CallFact.Step, member: String, agent: String, queue: String,
        _ delivery: Delivery
    ) -> Fact {
        var call = CallFact(
            reference: .keys([CallKey(delivery.source, "queue", member)]), step: step, direction: .inbound,
            remote: caller(event), local: party(event["Queue"] ?? event.resource, line: queue))
        call.session = event["QueueMemberSessionUUID"].map { sessionName(delivery.source, "queue", $0) }
        call.isReturn = word == "member-queue-resume"
        call.joined = event.time("QueueMemberJoinedTime")
        call.answered = event.time("QueueAgentAnsweredTime")
        // A published sample was answered before the caller joined: then neither clock is believed.
        if let joined = call.joined, let answered = call.answered, answered < joined { call.answered = nil }
        call.released = event.time("QueueBridgeTerminatedTime")
        let isServed =
            switch step {
            case .agentBridged, .agentUnbridged(_, _, bridged: true): true
            case .ended(let ending): ending.outcome == .answered && event["QueueAgent"] != nil
            default: false
            }
        call.queue = QueueStay(name: queue, agent: isServed ? agent : nil)
        call.dialed = party(event["QueueMemberDNIS"])

        let actionTime =
            switch word {
            case "bridge-agent-start": call.answered
            case "bridge-agent-fail", "bridge-agent-failed": event.time("QueueAgentAbortedTime")
            case "bridge-agent-end": call.released
            case "member-queue-end": event.time("QueueMemberLeavingTime")
            default: Timestamp?.none
            }
        let id = FactID(
            of: [
                delivery.source.description, "queue", queue, word, member, agent,
                (actionTime ?? event.time).map { "\($0)" } ?? "\(delivery.observed)",
            ])
        return Fact(
            id: id, source: delivery.source, observed: delivery.observed,
            time: event.time,
            words: ProviderWords(event: word, call: member, session: event["QueueMemberSessionUUID"]),
            content: .call(call))
    }

    private func count(_ event: OVHEvent, _ word: String, _ queue: String, _ delivery: Delivery) -> [Fact] {
        guard let waiting = event.data["Count"]?.int64, waiting >= 0, waiting <= 1_000_000 else {
            return [.unparsed("queue count without a number", word, delivery)]
        }
        let id = FactID(
            of: [
                delivery.source.description, "count", queue, String(waiting),
                event.time.map { "\($0)" } ?? "\(delivery.observed)",
            ])
        return [
            Fact(
                id: id, source: delivery.source, observed: delivery.observed,
                time: event.time, words: ProviderWords(event: word),
                content: .queueCount(queue: queue, waiting: Int(waiting)))
        ]
    }

    /// One event may write the caller in three notations: `Calling` 0033…, `QueueMemberCIDNumber` 0…,
    /// `QueueMemberCIDName` +33… or a real name. One with a country code is sure; a national one is of the country that
    /// the source is configured with.
    private func caller(_ event: OVHEvent) -> Party? {
        let shownName = event["QueueMemberCIDName"]
        let name = shownName.flatMap { NumberPlan.digits(of: $0) == nil ? $0 : nil }
        let shown = name == nil ? shownName : nil
        func hasCountryCode(_ written: String?) -> Bool {
            let digits = written.flatMap(NumberPlan.digits) ?? ""
            return digits.hasPrefix("+") || digits.hasPrefix("00")
        }
        let sure = [event["Calling"], shown, event["QueueMemberCIDNumber"]].filter(hasCountryCode)
        let others = [event["Calling"], event["QueueMemberCIDNumber"], shown]
        let candidates = (sure + others).compactMap { party($0, name: name) }
        return candidates.first { $0.number != nil } ?? others.compactMap { party($0, name: name) }.first
    }

    private func ending(_ event: OVHEvent) -> CallFact.Ending {
        let reason = event["QueueCancelReason"] ?? event["QueueCauseReason"]
        let hangup = event["QueueHangupCause"]
        let word = event["QueueCause"]
        switch word?.lowercased() {
        case "terminated":
            return CallFact.Ending(outcome: .answered, cause: hangup.map { Cause(code: $0.lowercased(), raw: $0) })
        case "cancel":
            return CallFact.Ending(
                outcome: .abandoned, cause: (reason ?? hangup).map { Cause(code: $0.lowercased(), raw: $0) })
        default:
            let raw = word ?? reason ?? hangup
            return CallFact.Ending(cause: raw.map { Cause(code: $0.lowercased(), raw: $0) }, unanswered: .unknown)
        }
    }

    /// What a FreeSWITCH hang-up cause means for an agent's leg.
    static func outcome(ofLeg cause: String?) -> Outcome {
        switch cause?.uppercased() {
        case "LOSE_RACE": .answeredElsewhere
        // The caller was gone; the tracker knows whether to another agent.
        case "ORIGINATOR_CANCEL": .abandoned
        case "NO_ANSWER": .noAnswer
        case "USER_BUSY": .busy
        case "CALL_REJECTED": .rejected
        case "SUCCESS", "NORMAL_CLEARING": .answered
        case nil: .unknown
        default: .failed
        }
    }
}
