/// Spaces requests so that no two come closer than an interval: each caller is told how long to wait for its turn.
package struct RequestPacer: Sendable {
    private let interval: Span
    private var nextFree: Timestamp?

    package init(interval: Span) {
        self.interval = interval
    }

    /// Takes the next turn. `now` is of a clock that never goes back.
    package mutating func reserve(now: Timestamp) -> Span {
        let turn = max(now, nextFree ?? now)
        nextFree = turn.advanced(by: interval)
        return turn.since(now)
    }
}
