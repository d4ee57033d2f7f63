import Synchronization

/// How long things took, in buckets. Any thread may observe.
package final class MetricHistogram: Sendable {
    /// Upper bounds in milliseconds. From one disk flush to the moment a provider gives up on its webhook.
    package static let defaultBounds: [Int64] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000]

    struct State {
        /// One a bound, and one for all beyond the last; not cumulative.
        var counts: [Int64]
        var sum: Int64 = 0
    }

    let bounds: [Int64]
    private let state: Mutex<State>

    init(bounds: [Int64]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// A negative time, after the clock was set back, counts in the first bucket and adds nothing to the sum.
    package func observe(milliseconds: Int64) {
        let index = bounds.firstIndex { milliseconds <= $0 } ?? bounds.count
        state.withLock {
            $0.counts[index] += 1
            $0.sum &+= max(milliseconds, 0)
        }
    }

    var snapshot: State { state.withLock { $0 } }
}
