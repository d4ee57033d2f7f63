import NIOCore
import Synchronization

/// A thread that must not hang. Asked for a sign of life, it moves its counter as soon as it comes round.
struct WatchedPart: Sendable {
    /// As it is logged.
    let name: String
    let ask: @Sendable () -> Void
    let count: @Sendable () -> UInt64

    static func eventLoop(_ eventLoop: any EventLoop) -> WatchedPart {
        let counter = Counter()
        return WatchedPart(
            name: "event loop",
            ask: { eventLoop.execute { counter.value.add(1, ordering: .relaxed) } },
            count: { counter.value.load(ordering: .relaxed) })
    }

    private final class Counter: Sendable {
        let value = Atomic<UInt64>(0)
    }
}
