/// What a poller leaves to the one that takes its place: after a change of the configuration, or in the next run.
package struct PollMemory: Sendable, Hashable {
    /// Something may have been lost, and no gap has told it yet.
    package struct Loss: Sendable, Hashable {
        /// Since when, by the clock of the host: `from` of the gap.
        package var since: Timestamp
        /// Why, as the gap says it.
        package var reason: String

        package init(since: Timestamp, reason: String) {
            self.since = since
            self.reason = reason
        }
    }

    /// Until when everything was heard; nil where the provider never answered.
    package var heard: Timestamp?
    /// Nil while nothing is known to be lost. The gap that tells it clears it.
    package var loss: Loss?

    package init(heard: Timestamp? = nil, loss: Loss? = nil) {
        self.heard = heard
        self.loss = loss
    }

    /// From when on something may not be known.
    package var unknownSince: Timestamp? { loss?.since ?? heard }

    /// The same where something may be lost now.
    package func losing(_ reason: String, at now: Timestamp) -> PollMemory {
        var memory = self
        memory.loss = loss ?? Loss(since: unknownSince ?? now, reason: reason)
        return memory
    }
}
