/// Two stays of a caller who came back to the queue have one name (FreeSWITCH `mod_callcenter`): what is said under
/// it is told apart by its time.
extension CallTracker {
    /// The call that has had the name of a stay which is not part of it.
    func namesake(of fact: CallFact) -> TrackedCall? {
        guard case .keys(let keys) = fact.reference else { return nil }
        let call = keys.lazy.compactMap { index.call(named: $0) }.first.flatMap { calls[$0] }
        return call?.queue == nil || call?.isSetAside == true ? nil : call
    }

    /// Two stays of a caller who came back: what is said under their common name is told apart by its time.
    mutating func link(_ call: inout TrackedCall, _ fact: CallFact, with other: TrackedCall, _ occasion: Occasion) {
        if var later = calls[other.id], isOfStay(before: later, fact, occasion) {
            call.succeededBy = later.id
            later.precededBy = call.id
            store(later)
        } else {
            call.returned = occasion.moment
            call.precededBy = other.id
            leave(other.id, occasion)
        }
    }

    /// Whether a caller who had left the queue came back: a call never leaves `ended`, so this is the next one, under
    /// the name of the last. Queues are dated by whole seconds, and he may be back within the one in which he left.
    func isBack(_ fact: CallFact, _ call: TrackedCall, _ occasion: Occasion) -> Bool {
        switch fact.step {
        case .queued: break
        case .agentOffered, .agentBridged:
            // Nobody is rung for a caller who left; that he came back is still to be heard of.
            return call.ending?.outcome == .abandoned && occasion.moment.isAfter(call.ended) == true
                && Moment.span(from: call.ended, to: occasion.moment).map { $0 > limits.settle } == true
        case .ended:
            // He has left already: by another channel he was there once more.
            guard call.queue != nil, let channel = occasion.words?.session, let own = call.words.session else {
                return false
            }
            return channel != own && call.ending?.outcome == .abandoned && occasion.moment.isAfter(call.ended) == true
        default: return false
        }
        guard fact.isReturn else { return !call.isOpen && occasion.moment.isAfter(call.ended) == true }
        if let returned = call.returned, returned.provider == occasion.moment.provider { return false }
        // That he has left may still be to be heard of.
        if call.isOpen { return call.isPast(at: occasion.moment) }
        guard let end = call.ended else { return occasion.moment.isAfter(call.started) == true }
        return occasion.moment.isNotBefore(end) == true
    }

    /// Whether this is the return with which a stay began of which later news came first.
    func isReturn(_ fact: CallFact, toStay call: TrackedCall, _ occasion: Occasion) -> Bool {
        guard fact.isReturn, !call.wasSeenFromStart else { return false }
        return occasion.moment.isNotBefore(call.precededBy.flatMap { calls[$0] }?.ended) == true
    }

    /// Whether a fact is of the stay before the one that began with the caller's return: what is dated before that.
    /// Near the return the channel of the caller tells, where he has another one now; within its very second, what of
    /// either stay is known: an end is that of the stay before unless that has been heard, and an agent was rung in the
    /// stay that knows him.
    func isOfStay(before call: TrackedCall, _ fact: CallFact, _ occasion: Occasion) -> Bool {
        guard let back = call.returned?.provider, let time = occasion.moment.provider else { return false }
        if fact.isReturn { return time < back }
        let before = call.precededBy.flatMap { calls[$0] }
        if abs(time.since(back).milliseconds) <= limits.settle.milliseconds, let channel = occasion.words?.session,
            let own = call.words.session, own != before?.words.session
        {
            if channel == own { return false }
            if before == nil || channel == before?.words.session { return true }
        }
        guard time == back, let before else { return time < back }
        switch fact.step {
        case .ended: return before.ending == nil || before.isEndingConcluded == true
        case .agentFailed(let agent, _, _, _), .agentUnbridged(let agent, _, _):
            return occasion.moment.isAfter(before.ended) != true && before.legs.contains { $0.agent == agent }
                && !call.legs.contains { $0.agent == agent }
        default: return false
        }
    }

    /// Whoever comes back had left.
    mutating func leave(_ id: CallID, _ occasion: Occasion) {
        guard var call = calls[id], call.isOpen else { return }
        fired(.cameBack, id)
        call.ending = CallFact.Ending(outcome: .abandoned)
        call.isEndingConcluded = true
        call.inference = TrackedCall.unseenLeave
        finish(&call, at: nil, occasion.forAnotherCall)
        store(call)
        settleSession(of: call, occasion)
    }

    /// That the caller came back is heard after what followed: the call as it is known is his second stay, and the
    /// first becomes one of its own. The second one, or the call as it is where it is one stay.
    mutating func splitStay(_ stay: TrackedCall, by fact: CallFact, _ occasion: Occasion) -> TrackedCall {
        let moment = occasion.moment
        guard stay.queue != nil, stay.returned == nil, moment.isAfter(stay.joined ?? stay.started) == true,
            moment.isNotBefore(stay.ended) != true
        else { return stay }
        var second = stay
        var first = second.splitOff(before: moment, as: open(fact, occasion))
        index.forgetSession(of: stay)
        takeSession(of: fact, into: &second)
        store(first)
        store(second)
        share(linesOf: second.id, with: first.id, moment, occasion)
        let other = occasion.forAnotherCall
        first = calls[first.id] ?? first
        tell(.callQueued, first, other, first.data(words: other.words))
        leave(first.id, occasion)
        return calls[second.id] ?? second
    }
}
