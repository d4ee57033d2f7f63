/// A stay in a queue that turns out to be two, because the caller had left and come back.
extension TrackedCall {
    /// Whether all that is known of this stay had happened when the caller came back. What queues tell is dated by
    /// whole seconds: what ended in the very one had, and what began in it had not.
    func isPast(at back: Moment) -> Bool {
        guard let time = back.provider, started.provider != nil else { return false }
        let over = Set(legs.filter { $0.state == .ended }.compactMap(\.agent))
        let beginnings =
            [joined, started, connected].compactMap { $0?.provider } + (offers?.values.flatMap { $0 } ?? [])
            + legTimes.filter { !over.contains($0.key) }.values
        let ends = [released].compactMap { $0?.provider } + legTimes.filter { over.contains($0.key) }.values
        return beginnings.allSatisfy { $0 < time } && ends.allSatisfy { $0 <= time }
    }

    /// Takes out of the stay what was before the caller came back. That was another stay, which gets the id of
    /// `opened`; nobody served him in it, for he left. This one is without a session until the provider names it.
    mutating func splitOff(before back: Moment, as opened: TrackedCall) -> TrackedCall {
        var first = copy(as: opened)
        first.state = .queued
        first.isAnnounced = true
        first.started = joined ?? started
        first.queue?.agent = nil
        first.loseProgress()
        first.succeededBy = id

        let past = agents(before: back)
        let lines = Set(legs.compactMap { leg in leg.agent.map(past.contains) == true ? leg.line : nil })
        first.legs = legs.filter { $0.agent.map(past.contains) == true }
        first.legTimes = legTimes.filter { past.contains($0.key) }
        first.legsHeard = legsHeard?.filter { past.contains($0.key) }
        legs.removeAll { $0.agent.map(past.contains) == true }
        legTimes = legTimes.filter { !past.contains($0.key) }
        legsHeard = legsHeard?.filter { !past.contains($0.key) }
        func wasBefore(_ offer: Timestamp, at line: String) -> Bool {
            back.provider.map { offer < $0 || (offer == $0 && lines.contains(line)) } == true
        }
        let offers = offers ?? [:]
        first.offers = Self.some(offers.map { line, times in (line, times.filter { wasBefore($0, at: line) }) })
        self.offers = Self.some(offers.map { line, times in (line, times.filter { !wasBefore($0, at: line) }) })

        // Some of it was heard before the return itself.
        let heard = (legsHeard?.values.min()).map { min($0, back.observed) } ?? back.observed
        returned = back
        started = Moment(observed: heard, provider: back.provider)
        joined = started
        openedLate = nil
        precededBy = first.id
        if back.isAfter(doubtedBridge?.answered) == true { doubtedBridge = nil }
        if first.session == nameOfOwnSession { first.session = nil }
        session = nil
        ownSession = nil
        words.session = nil
        return first
    }

    /// Those whose legs are known to have been over, or to have changed last, before the caller came back.
    private func agents(before back: Moment) -> Set<String> {
        guard let time = back.provider else { return [] }
        let agents = legs.compactMap { leg -> String? in
            guard let agent = leg.agent, let last = legTimes[agent] else { return nil }
            return last < time || (last == time && leg.state == .ended) ? agent : nil
        }
        return Set(agents)
    }

    private static func some(_ offers: [(String, [Timestamp])]) -> [String: [Timestamp]]? {
        let some = offers.filter { !$0.1.isEmpty }
        return some.isEmpty ? nil : Dictionary(some) { one, _ in one }
    }

    /// As if nothing had come after the beginning, and readers had been told nothing.
    private mutating func loseProgress() {
        loseConnection()
        connectedEvent = nil
        doubtedBridge = nil
        answeredBy = nil
        transfer = nil
        transferred = nil
        hasLeftUs = false
        ending = nil
        isEndingConcluded = nil
        isLost = false
        ended = nil
        saidEnd = nil
        inference = nil
        isByLink = nil
        isStale = nil
        isSetAside = nil
        summary = nil
        told = nil
        toldWords = []
    }
}
