/// What one call of `EventJournal.prune` removed.
package struct PruneReport: Sendable, Hashable {
    package var events: Int
    package var deliveries: Int
    package var facts: Int
    package var calls: Int
    package var placements: Int
    /// The bytes in use afterwards, as counted against `RetentionLimits.maximumBytes`.
    package var bytesUsed: Int64
    /// Whether there is more to remove; the next call goes on with it.
    package var moreLeft: Bool

    package init(
        events: Int = 0, deliveries: Int = 0, facts: Int = 0, calls: Int = 0, placements: Int = 0,
        bytesUsed: Int64 = 0, moreLeft: Bool = false
    ) {
        self.events = events
        self.deliveries = deliveries
        self.facts = facts
        self.calls = calls
        self.placements = placements
        self.bytesUsed = bytesUsed
        self.moreLeft = moreLeft
    }

    /// Rows removed in all.
    package var removed: Int { events + deliveries + facts + calls + placements }
}
