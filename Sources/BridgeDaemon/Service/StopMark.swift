import Synchronization

/// Whether the daemon has been told to stop. Set once, from any thread.
final class StopMark: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() {
        value.store(true, ordering: .relaxed)
    }
}
