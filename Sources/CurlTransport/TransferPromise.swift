import CallModel
import Synchronization

/// The end of one transfer: told once, awaited once, in either order.
///
/// It exists before the transfer is handed over, because a cancellation handler may run before the operation it
/// belongs to has begun: then `isCancelled` is already set when the driver looks.
final class TransferPromise: Sendable {
    typealias Outcome = Result<HTTPReply, HTTPFailure>

    private enum State {
        case open
        case awaited(CheckedContinuation<Outcome, Never>)
        case told(Outcome)
        case over
    }

    private let state = Mutex<State>(.open)
    private let cancelled = Atomic<Bool>(false)

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() {
        cancelled.store(true, ordering: .releasing)
    }

    /// The first outcome counts; later ones are dropped.
    func tell(_ outcome: Outcome) {
        let waiting: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            switch state {
            case .open:
                state = .told(outcome)
                return nil
            case .awaited(let continuation):
                state = .over
                return continuation
            case .told, .over:
                return nil
            }
        }
        waiting?.resume(returning: outcome)
    }

    /// Waits for the outcome. Called once.
    func result() async -> Outcome {
        await withCheckedContinuation { continuation in
            let outcome: Outcome? = state.withLock { state in
                switch state {
                case .open:
                    state = .awaited(continuation)
                    return nil
                case .told(let outcome):
                    state = .over
                    return outcome
                case .awaited, .over:
                    preconditionFailure("a transfer is awaited once")
                }
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }
}
