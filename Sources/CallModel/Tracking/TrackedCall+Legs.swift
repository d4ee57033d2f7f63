/// The telephones of a group: legs with a line and without an agent, which only queues have.
extension TrackedCall {
    /// Takes in what an event says about one telephone. Legs only move forward, like calls.
    mutating func note(_ newer: Leg) {
        let index: Int
        if let known = legs.lastIndex(where: { $0.agent == nil && $0.line == newer.line }) {
            index = known
            if newer.state.rank > legs[index].state.rank { legs[index].state = newer.state }
        } else {
            // The same bound as for agents, for a provider gone mad.
            if legs.count >= EventEncoder.maximumLegs { legs.removeFirst() }
            index = legs.count
            legs.append(newer)
        }
        if newer.state == .connected {
            // Also where its ringing had been taken for over.
            legs[index].state = isOpen ? .connected : .ended
            legs[index].outcome = isOpen ? nil : .answered
        }
        guard let answered = legs.firstIndex(where: \.isAnsweredTelephone) else {
            if !isOpen, legs[index].state != .ended { end(leg: index) }
            return
        }
        for other in legs.indices
        where other != answered && legs[other].agent == nil && !legs[other].isAnsweredTelephone {
            legs[other].state = .ended
            legs[other].outcome = .answeredElsewhere
        }
    }

    private mutating func end(leg index: Int) {
        legs[index].outcome = outcomeOfRinging(legs[index])
        legs[index].state = .ended
    }

    /// The call was answered after all.
    mutating func reconsiderTelephones() {
        let rang: Set<Outcome?> = [.missed, .noAnswer]
        for index in legs.indices where legs[index].agent == nil && rang.contains(legs[index].outcome) {
            end(leg: index)
        }
    }

    /// How the ringing of a leg came out that was still on when the call ended.
    func outcomeOfRinging(_ leg: Leg) -> Outcome {
        // An agent is offered a caller who waits: whoever hangs up then leaves the queue.
        guard leg.agent == nil else { return wasConnected ? .answeredElsewhere : .abandoned }
        guard wasConnected else { return direction == .internal ? .noAnswer : role == .inbound ? .missed : .unknown }
        // Which of several telephones answered was not told; one alone must have been it.
        if legs.contains(where: \.isAnsweredTelephone) { return .answeredElsewhere }
        return legs.count == 1 ? .answered : .unknown
    }
}

extension Leg {
    fileprivate var isAnsweredTelephone: Bool { agent == nil && (state == .connected || outcome == .answered) }
}
