import Synchronization

/// Something that happens once and is waited for by at most one task; the order of the two does not matter.
///
/// Exists so that a cancellation which comes before the wait is not lost, and no continuation is resumed twice.
final class OneShot: Sendable {
    private enum State {
        case pending
        case awaited(CheckedContinuation<Void, Never>)
        case fired
    }

    private let state = Mutex(State.pending)

    func fire() {
        let waiting: CheckedContinuation<Void, Never>? = state.withLock { state in
            defer { state = .fired }
            guard case .awaited(let continuation) = state else { return nil }
            return continuation
        }
        waiting?.resume()
    }

    /// Returns when it has fired. Does not look at cancellation: whoever cancels fires.
    func wait() async {
        await withCheckedContinuation { continuation in
            let resumesNow = state.withLock { state in
                guard case .pending = state else { return true }
                state = .awaited(continuation)
                return false
            }
            if resumesNow { continuation.resume() }
        }
    }

    /// Returns when it has fired or, at the latest, after `limit`, fired or not. Cancellation does not shorten it.
    func wait(atMost limit: Duration) async {
        let alarm = Task {
            try? await Task.sleep(for: limit)
            fire()
        }
        await wait()
        alarm.cancel()
    }
}
