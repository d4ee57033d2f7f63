import CShims
import Glibc
import Synchronization

/// Wakes a thread that sleeps in `poll`: an eventfd, and a flag that saves the system call where it is awake already.
final class WakeDescriptor: Sendable {
    /// For `poll`, readable when woken.
    let descriptor: Int32
    private let isSignalled = Atomic(false)

    /// Nil where the process has no descriptor left.
    init?() {
        descriptor = cti_eventfd()
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    func signal() {
        guard !isSignalled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    /// To be called before looking for what the signal was about: a signal after this wakes again.
    func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
        _ = isSignalled.exchange(false, ordering: .acquiringAndReleasing)
    }
}
