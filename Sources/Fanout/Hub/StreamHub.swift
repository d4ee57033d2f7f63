package import CallModel
import HostSupport
import NIOCore
import Synchronization

/// The last lines in memory and the calls that are live; every reader is a cursor into it.
///
/// The journal thread publishes, everybody else reads. Nothing here waits for a reader: a reader that does not come
/// costs its cursor and nothing else.
package final class StreamHub: Sendable {
    private struct State {
        var ring: StreamRing
        var calls: LiveCallTable
        var encodings: Set<EventEncoder.Numbers> = []
        var observers: [Int: @Sendable () -> Void] = [:]
        var waiters: [Int: OneShot] = [:]
        var nextToken = 0

        mutating func token() -> Int {
            nextToken += 1
            return nextToken
        }
    }

    package let epoch: String
    /// Who reads right now, by whatever way.
    package let subscribers: SubscriberRegistry
    private let journalOldest: @Sendable () -> Int64
    private let state: Mutex<State>

    /// - Parameters:
    ///   - head: the journal's last event; 0 where it has none.
    ///   - oldest: asks the journal for the oldest event it keeps. Must be quick: it is called on the event loop.
    ///   - liveCalls: the calls that the journal knows to be open, oldest first.
    package init(
        epoch: String, head: Int64, oldest: @escaping @Sendable () -> Int64,
        liveCalls: [(CallID, SourceName, CallData)], limits: HubLimits = HubLimits(),
        subscribers: SubscriberRegistry = SubscriberRegistry(started: WallClock.now())
    ) {
        self.epoch = epoch
        self.subscribers = subscribers
        journalOldest = oldest
        state = Mutex(
            State(
                ring: StreamRing(head: head, limits: limits),
                calls: LiveCallTable(liveCalls.map { LiveCall(id: $0.0, source: $0.1, data: $0.2) })
            )
        )
    }

    /// The last published event; 0 before the first.
    package var head: Int64 { state.withLock { $0.ring.head } }

    /// What can be had from memory.
    package var extent: RingExtent { state.withLock { $0.ring.extent } }

    /// The oldest event the journal keeps.
    package var oldest: Int64 { journalOldest() }

    /// In this journal; does not ask whether there is such an event.
    package func cursor(_ seq: Int64) -> Cursor { Cursor(epoch: epoch, seq: seq) }

    /// Hands durable lines to the readers. Called on the journal thread after the commit, in order.
    ///
    /// Encodes what is wanted before it takes the lock, holds the lock for the append alone, and wakes outside of it.
    package func publish(_ lines: [StreamLine]) {
        guard !lines.isEmpty else { return }
        let encodings = state.withLock { $0.encodings }
        let entries = lines.map { Self.entry($0, encodings) }
        let (observers, waiters) = state.withLock { state in
            for entry in entries {
                let isNew = entry.line.seq > state.ring.head
                state.ring.append(entry)
                if isNew, let event = entry.line.event { state.calls.apply(event.draft) }
            }
            defer { state.waiters.removeAll() }
            return (Array(state.observers.values), Array(state.waiters.values))
        }
        for wake in observers { wake() }
        for waiter in waiters { waiter.fire() }
    }

    /// The live calls and the point in the stream at which they are so, taken at one instant.
    package func snapshot() -> HubSnapshot {
        state.withLock { HubSnapshot(head: $0.ring.head, calls: $0.calls.inOrder()) }
    }

    /// Up to `limit` lines after `seq`.
    package func lines(after seq: Int64, limit: Int) -> HubPage {
        var wanted = limit
        let found = state.withLock { state in
            state.ring.entries(after: seq) { _ in
                wanted -= 1
                return wanted >= 0
            }
        }
        guard let found else { return .tooOld }
        return found.isEmpty ? .none : .lines(found.map(\.line))
    }

    /// The encoded lines after `seq`: at least one, then as many as stay within `maximumBytes`.
    ///
    /// A masked line that cannot be made, because the event came without its fields, is left out: never shown in clear.
    package func encodedLines(after seq: Int64, maximumBytes: Int, numbers: EventEncoder.Numbers) -> EncodedPage {
        var room = maximumBytes
        let found = state.withLock { state in
            state.ring.entries(after: seq) { entry in
                defer { room -= entry.line.bytes.count }
                return room == maximumBytes || room >= entry.line.bytes.count
            }
        }
        guard let found else { return .tooOld }
        guard let last = found.last else { return .none }
        return .lines(found.compactMap { Self.buffer(of: $0, numbers) }, through: last.line.seq)
    }

    /// Makes sure that new lines are encoded in this way as they are published, once for all readers.
    package func require(_ numbers: EventEncoder.Numbers) {
        state.withLock { _ = $0.encodings.insert(numbers) }
    }

    /// Calls `wake` after every publication, on the journal thread: it must neither block nor call back.
    /// - Returns: what `stopObserving` takes.
    package func observe(_ wake: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            let token = state.token()
            state.observers[token] = wake
            return token
        }
    }

    /// A publication that is going on may still wake it.
    package func stopObserving(_ token: Int) {
        state.withLock { $0.observers[token] = nil }
    }

    /// Returns when there is an event after `seq`, at once where there is one already, and when the task is cancelled.
    package func waitForMore(after seq: Int64) async {
        guard let (token, more) = waiter(after: seq) else { return }
        await withTaskCancellationHandler {
            await more.wait()
        } onCancel: {
            more.fire()
        }
        state.withLock { $0.waiters[token] = nil }
    }

    /// As `waitForMore(after:)`, and returns after `limit` at the latest: time for a bookmark.
    package func waitForMore(after seq: Int64, atMost limit: Duration) async {
        guard let (token, more) = waiter(after: seq) else { return }
        await withTaskCancellationHandler {
            await more.wait(atMost: limit)
        } onCancel: {
            more.fire()
        }
        state.withLock { $0.waiters[token] = nil }
    }

    private func waiter(after seq: Int64) -> (token: Int, more: OneShot)? {
        state.withLock { state in
            guard state.ring.head <= seq else { return nil }
            let waiter = (state.token(), OneShot())
            state.waiters[waiter.0] = waiter.1
            return waiter
        }
    }

    private static func entry(_ line: StreamLine, _ encodings: Set<EventEncoder.Numbers>) -> StreamRing.Entry {
        StreamRing.Entry(
            line: line,
            clear: encodings.contains(.clear) ? ByteBuffer(bytes: line.bytes) : nil,
            masked: encodings.contains(.masked) ? maskedBuffer(of: line) : nil
        )
    }

    private static func buffer(of entry: StreamRing.Entry, _ numbers: EventEncoder.Numbers) -> ByteBuffer? {
        switch numbers {
        case .clear: entry.clear ?? ByteBuffer(bytes: entry.line.bytes)
        case .masked: entry.masked ?? maskedBuffer(of: entry.line)
        }
    }

    private static func maskedBuffer(of line: StreamLine) -> ByteBuffer? {
        line.event.map { ByteBuffer(bytes: EventEncoder(numbers: .masked).line($0)) }
    }
}
