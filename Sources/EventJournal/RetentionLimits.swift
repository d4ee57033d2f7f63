package import CallModel

/// How long and how much the journal keeps.
package struct RetentionLimits: Sendable, Hashable {
    /// Events, ended calls and placement keys.
    package var events: Span
    /// The size of the journal in use; beyond it the oldest of every kind go first, down to `EventJournal.protected`.
    package var maximumBytes: Int64
    /// Raw deliveries and the ids of facts. Within this time a repetition is recognised.
    package var raw: Span

    package init(events: Span, maximumBytes: Int64, raw: Span) {
        self.events = events
        self.maximumBytes = maximumBytes
        self.raw = raw
    }
}
