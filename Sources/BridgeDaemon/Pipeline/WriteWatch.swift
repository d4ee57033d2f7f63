import CallModel
import HostSupport
import Synchronization

/// Knows how long writes to the journal have been under way: a disk that hangs neither takes what is written nor says
/// that it cannot.
final class WriteWatch: Sendable {
    private struct State {
        var began: [Int: Timestamp] = [:]
        var last = 0
    }

    /// Bounded by the threads that write.
    private let state = Mutex(State())

    /// Notes for how long it takes.
    func during<Value, Failure: Error>(_ write: () throws(Failure) -> Value) throws(Failure) -> Value {
        let number = state.withLock { state in
            state.last += 1
            state.began[state.last] = MonotonicClock.now()
            return state.last
        }
        defer { state.withLock { $0.began[number] = nil } }
        return try write()
    }

    /// How long the longest of them has taken, at `now` by a clock that never goes back; zero where none is under way.
    func longest(at now: Timestamp) -> Span {
        state.withLock { $0.began.values.min().map(now.since) ?? .milliseconds(0) }
    }
}
