import Synchronization

/// Whether a provider may have been asked for an order: whoever waits for its answer is told so.
final class OrderProgress: Sendable {
    private let state: Mutex<Bool>

    init(isAsked: Bool) {
        state = Mutex(isAsked)
    }

    var isAsked: Bool {
        get { state.withLock(\.self) }
        set { state.withLock { $0 = newValue } }
    }
}
