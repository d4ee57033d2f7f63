import CallModel
import Synchronization

/// Whether the daemon has been told to stop. Set once, from any thread.
final class StopMark: Sendable {
    private let isMarked = Mutex(false)
    private let marks: AsyncStream<Void>
    private let mark: AsyncStream<Void>.Continuation

    init() {
        (marks, mark) = AsyncStream.makeStream()
    }

    var isSet: Bool { isMarked.withLock { $0 } }

    func set() {
        isMarked.withLock { $0 = true }
        mark.finish()
    }

    /// Does it where nobody has set it; whoever sets it meanwhile waits. For what is short.
    func unlessSet(_ body: () -> Void) {
        isMarked.withLock { isMarked in
            if !isMarked { body() }
        }
    }

    /// Returns so long after it was set, or when whoever waits is cancelled. For one waiter.
    func wait(andThen span: Span) async {
        for await _ in marks {}
        try? await Task.sleep(for: .milliseconds(span.milliseconds))
    }
}
