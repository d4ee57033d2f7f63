import CallModel
import Synchronization

/// Tells one stream that it is to end. Fired once; later reasons are ignored. At most one task waits at a time.
final class StreamStop: Sendable {
    enum Reason: Sendable, Hashable {
        /// Say good-bye and end.
        case bye(ByeReason)
        /// Nobody is there any more.
        case disconnected
    }

    private struct State {
        var reason: Reason?
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var reason: Reason? { state.withLock { $0.reason } }

    func fire(_ reason: Reason) {
        let waiting = state.withLock { state in
            if state.reason == nil { state.reason = reason }
            return state.waiting.take()
        }
        waiting?.resume()
    }

    /// Returns when fired, at once where it has been, and when the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let resumesNow = state.withLock { state in
                    // The cancellation handler takes the same lock, and the task counts as cancelled before it runs:
                    // either it is seen here, or the handler finds the continuation.
                    guard state.reason == nil, !Task.isCancelled else { return true }
                    state.waiting = continuation
                    return false
                }
                if resumesNow { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.take() }?.resume()
        }
    }
}
