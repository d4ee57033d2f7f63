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
        // Whoever handed the call over had it before.
        if newer.state == .connected, legs[index].outcome != .transferred {
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

    /// The call went on to another telephone of ours; whoever had it is out of it. `local` is whoever has it now, as
    /// far as that is named.
    mutating func handOver(_ transfer: Transfer, _ fact: CallFact, at moment: Moment) {
        guard var now = fact.local else { return }
        // Of a call that we made, the one that goes on is named as the caller.
        if let remote, now.isSameSubscriber(as: remote) {
            guard let other = fact.remote else { return }
            now = other
            now.line = transfer.to
        }
        let isOther = now.line.map { $0 != local?.line } ?? !(local.map(now.isSameSubscriber) ?? false)
        guard isOther || (role == .inbound && now.line == nil) else { return }
        let isOvertaken = transferred?.isAfter(moment) == true
        if !isOvertaken { local = now }
        guard legs.contains(where: { $0.agent == nil }) else { return }
        if !isOvertaken { leave(telephonesBut: now.line) }
        guard let line = now.line else { return }
        let index = legs.firstIndex { $0.agent == nil && $0.line == line }
        if isOvertaken, index != nil { return }
        let isTalking = isOpen && !isOvertaken
        let leg = Leg(
            line: line, state: isTalking ? .connected : .ended,
            outcome: isTalking ? nil : isOvertaken ? .transferred : .answered)
        if let index {
            legs[index] = leg
        } else {
            if legs.count >= EventEncoder.maximumLegs { legs.removeFirst() }
            legs.append(leg)
        }
    }

    /// Those that were not told of as over. Which of several had the call is not guessed.
    private mutating func leave(telephonesBut line: String?) {
        let telephones = legs.indices.filter { legs[$0].agent == nil && legs[$0].line != line }
        let isKnown = telephones.contains { legs[$0].isAnsweredTelephone } || telephones.count == 1
        for index in telephones {
            if legs[index].isAnsweredTelephone || (legs[index].state != .ended && telephones.count == 1) {
                legs[index].outcome = .transferred
            } else if legs[index].state != .ended {
                legs[index].outcome = isKnown ? .answeredElsewhere : .unknown
            }
            legs[index].state = .ended
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
        // An agent is offered a caller who waits: he was gone then, to whom `shownLegs` knows.
        guard leg.agent == nil else { return .abandoned }
        guard wasConnected else { return direction == .internal ? .noAnswer : role == .inbound ? .missed : .unknown }
        // Which of several telephones answered was not told; one alone must have been it.
        if legs.contains(where: \.isAnsweredTelephone) { return .answeredElsewhere }
        return legs.count == 1 ? .answered : .unknown
    }
}

extension Leg {
    fileprivate var isAnsweredTelephone: Bool {
        agent == nil && (state == .connected || outcome == .answered || outcome == .transferred)
    }
}
