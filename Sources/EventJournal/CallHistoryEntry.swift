package import CallModel

/// One event of a call and the raw input that caused it.
package struct CallHistoryEntry: Sendable {
    package var event: StreamLine
    package var observed: Timestamp
    /// Nil where a timer caused the event, where the raw input is older than its retention, or where the inputs
    /// already given for this call reach `EventJournal.maximumHistoryBytes`.
    package var delivery: Delivery?
    /// Whether something in the delivery was not understood.
    package var unparsed: Bool

    package init(event: StreamLine, observed: Timestamp, delivery: Delivery?, unparsed: Bool) {
        self.event = event
        self.observed = observed
        self.delivery = delivery
        self.unparsed = unparsed
    }
}
