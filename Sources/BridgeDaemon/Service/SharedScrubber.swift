import Providers
import Synchronization

/// The scrubber in force; replaced by a reload.
final class SharedScrubber: Sendable {
    private let scrubber: Mutex<SecretScrubber>

    init(_ scrubber: SecretScrubber) {
        self.scrubber = Mutex(scrubber)
    }

    var current: SecretScrubber { scrubber.withLock { $0 } }

    func replace(_ newer: SecretScrubber) {
        scrubber.withLock { $0 = newer }
    }
}
