import CallModel

/// How far the journal's two sequences have come.
struct JournalPositions: Sendable, Equatable {
    /// The last event.
    var head: Int64
    /// Events up to and including this one are no longer kept.
    var eventsPruned: Int64
    /// The last raw delivery.
    var lastDelivery: Int64
    /// The latest `observed` of all events so far, in milliseconds. Stored with each event, so that it ascends with
    /// `seq` even where the clock did not, and a time can be looked up by bisection.
    var latestObserved: Int64
}
