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
        if var later = calls[other.id], later.returned?.isAfter(occasion.moment) == true {
            call.succeededBy = later.id
            later.precededBy = call.id
            store(later)
        } else {
            call.returned = occasion.moment
            call.precededBy = other.id
            leave(other.id, occasion)
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
    /// first becomes one of its own.
    mutating func splitStay(by fact: CallFact, _ occasion: Occasion) {
        guard var second = find(fact, occasion), second.queue != nil, second.returned == nil,
            occasion.moment.isAfter(second.joined ?? second.started) == true
        else { return }
        var first = open(fact, occasion)
        first.started = second.joined ?? second.started
        first.joined = second.joined
        first.openedLate = second.openedLate
        first.state = .queued
        first.keys = second.keys
        (first.direction, first.role) = (second.direction, second.role)
        (first.remote, first.local, first.dialed) = (second.remote, second.local, second.dialed)
        first.queue = second.queue.map { QueueStay(name: $0.name) }
        first.words = second.words
        for (agent, time) in second.legTimes where occasion.moment.provider.map({ time < $0 }) == true {
            first.legs += second.legs.filter { $0.agent == agent }
            first.legTimes[agent] = time
            second.legs.removeAll { $0.agent == agent }
            second.legTimes[agent] = nil
        }
        first.succeededBy = second.id
        store(first)
        tell(.callQueued, first, occasion, first.data(words: occasion.words))
        leave(first.id, occasion)
        second.precededBy = first.id
        second.returned = occasion.moment
        second.started.provider = occasion.moment.provider
        second.joined = Moment(observed: second.started.observed, provider: occasion.moment.provider)
        second.openedLate = nil
        store(second)
    }
}
