package import CallModel
import Synchronization

/// Who reads the stream right now. Every kind of reader enters itself, reports and leaves.
package final class SubscriberRegistry: Sendable {
    private struct State {
        var last: Int64 = 0
        var subscribers: [SubscriberID: (number: Int64, subscriber: Subscriber)] = [:]
    }

    private let run: String
    private let state = Mutex(State())

    /// - Parameter started: when the daemon started; tells the readers of this run from those of earlier ones.
    package init(started: Timestamp) {
        run = String(started.milliseconds, radix: 36)
    }

    /// A name for a reader that will not be listed.
    package func nextID() -> SubscriberID {
        state.withLock { Self.nextID(run, &$0).0 }
    }

    package func register(
        socket: String, peer: PeerCredentials?, numbers: EventEncoder.Numbers, cursor: Int64, now: Timestamp
    ) -> SubscriberID {
        state.withLock { state in
            let (id, number) = Self.nextID(run, &state)
            let subscriber = Subscriber(
                id: id, socket: socket, peer: peer, numbers: numbers, since: now, cursor: cursor, pendingBytes: 0,
                sentLines: 0
            )
            state.subscribers[id] = (number, subscriber)
            return id
        }
    }

    package func update(_ id: SubscriberID, cursor: Int64, pendingBytes: Int, sentLines: Int64) {
        state.withLock { state in
            state.subscribers[id]?.subscriber.cursor = cursor
            state.subscribers[id]?.subscriber.pendingBytes = pendingBytes
            state.subscribers[id]?.subscriber.sentLines = sentLines
        }
    }

    package func unregister(_ id: SubscriberID) {
        state.withLock { _ = $0.subscribers.removeValue(forKey: id) }
    }

    package var count: Int { state.withLock { $0.subscribers.count } }

    /// In the order in which they came.
    package func list() -> [Subscriber] {
        state.withLock { $0.subscribers.values.sorted { $0.number < $1.number }.map(\.subscriber) }
    }

    private static func nextID(_ run: String, _ state: inout State) -> (SubscriberID, Int64) {
        state.last += 1
        return (SubscriberID(rawValue: "\(run)-\(state.last)"), state.last)
    }
}
