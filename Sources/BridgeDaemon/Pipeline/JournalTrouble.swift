package import CallModel

/// Whether the journal has failed lately, as those see it who want something of a provider whose answer must be kept.
///
/// A small write may go through while a larger delivery waits for space, so one success does not end the trouble:
/// quiet does. Times are of a clock that never goes back.
package struct JournalTrouble: Sendable {
    /// What waits for the journal tries again within 5 s: this long without a failure and nothing waits.
    package static let quiet = Span.seconds(10)
    /// Whoever waits for an answer to be kept is told that it is not known once failures have gone on for this long.
    package static let patience = Span.seconds(5)

    private var first: Timestamp?
    private var last: Timestamp?

    package init() {}

    package mutating func failed(now: Timestamp) {
        if !isPresent(now: now) { first = now }
        last = now
    }

    /// Nothing should be ordered now.
    package func isPresent(now: Timestamp) -> Bool {
        guard let last else { return false }
        return now.since(last) < Self.quiet
    }

    /// It has lasted too long to let anybody wait for its end.
    package func isLasting(now: Timestamp) -> Bool {
        guard let first, let last, isPresent(now: now) else { return false }
        return last.since(first) >= Self.patience
    }
}
