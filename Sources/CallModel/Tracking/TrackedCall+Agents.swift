/// The agents of a queue. It tells a bridge before that is tried, and may never say that one came to nothing: what is
/// told of the others, or of the caller, says so too.
extension TrackedCall {
    /// Whether the caller is connected to an agent, or was to one whose bridge held.
    var isServed: Bool { legs.contains(where: \.isServing) }

    /// Who serves the caller, or did. One whom the queue named and whose leg says otherwise did not.
    var servingAgent: String? {
        if let serving = legs.last(where: \.isServing) { return serving.agent }
        guard let named = queue?.agent, ending?.outcome != .abandoned else { return nil }
        let leg = legs.last { $0.agent == named }
        return leg == nil || leg?.outcome == .unknown ? named : nil
    }

    /// How its agents fared. The queue gave up on some because the caller was gone: whether to another agent or for
    /// good, what becomes of him tells, whichever of the two is heard first.
    var shownLegs: [Leg] {
        legs.map { leg in
            var leg = leg
            if leg.agent != nil, leg.outcome == .abandoned, wasConnected { leg.outcome = .answeredElsewhere }
            return leg
        }
    }

    /// The end of the stay says who served the caller, and maybe when he was answered: whatever else was heard of that
    /// agent was before, and so was the bridge to another one.
    mutating func noteServing(_ fact: CallFact) {
        guard let agent = fact.queue?.agent, let leg = legs.lastIndex(where: { $0.agent == agent }) else { return }
        func isBefore(_ time: Timestamp?) -> Bool {
            guard let time, let answered = fact.answered else { return false }
            return time < answered
        }
        if isBefore(connected?.provider) { dropBridges(but: agent) }
        guard !legs.contains(where: { $0.isServing && $0.agent != agent }) else { return }
        guard legs[leg].state != .ended || legs[leg].outcome == .unknown || isBefore(legTimes[agent]) else { return }
        legs[leg].state = .ended
        legs[leg].outcome = .answered
    }

    /// Whether a bridge is known to be older than the one that counts, or than its end: it came to nothing, also
    /// where it is heard of later.
    func isOutdone(agent: String, answered: Moment) -> Bool {
        guard connected?.isAfter(answered) == true || released?.isAfter(answered) == true else { return false }
        return legs.contains { $0.agent != agent && $0.isServing }
    }

    /// The bridges that were told, but that of one agent, came to nothing.
    mutating func dropBridges(but agent: String? = nil) {
        for leg in legs.indices where legs[leg].state == .connected && (agent == nil || legs[leg].agent != agent) {
            legs[leg].state = .ended
            legs[leg].outcome = .failed
        }
    }

    /// Takes in that an agent is rung or connected at a line of his: which line that is, and when he was offered the
    /// caller.
    mutating func note(_ step: CallFact.Step, at moment: Moment) {
        guard let (agent, line) = step.agentAndLine else { return }
        _ = noteLine(line, ofAgent: agent)
        guard case .agentOffered = step, let time = moment.provider else { return }
        var offers = offers ?? [:]
        // The bounds are for a provider gone mad: of agents as for legs, and of one the offers that are of interest.
        guard offers.count < EventEncoder.maximumLegs || offers[line] != nil else { return }
        let known = offers[line, default: []]
        if !known.contains(time) { offers[line] = (known + [time]).sorted().suffix(16) }
        self.offers = offers
    }

    /// Nobody was connected to the caller.
    mutating func loseConnection() {
        wasConnected = false
        connected = nil
        released = nil
    }

    /// The caller gave up: he was being connected to nobody, or a bridge was told and not tried any more.
    mutating func abandon() {
        dropBridges()
        if !isServed { loseConnection() }
    }
}

extension Leg {
    var isServing: Bool { agent != nil && (state == .connected || outcome == .answered) }
}
