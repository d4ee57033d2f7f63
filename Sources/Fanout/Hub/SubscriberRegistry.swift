package import CallModel
import HostSupport
import Synchronization

/// Who reads the stream right now. Every kind of reader enters itself, reports and leaves.
package final class SubscriberRegistry: Sendable {
    private struct State {
        var last: Int64 = 0
        var subscribers: [SubscriberID: (number: Int64, subscriber: Subscriber)] = [:]
        /// Gone since their stays were last taken.
        var gone: [ReaderSession] = []
        /// How far each was when its stay was last taken.
        var taken: [SubscriberID: Int64] = [:]
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

    /// `cursor`: the reader is to get the events after this one. Whoever registers has to `unregister`, or the reader
    /// is listed for ever.
    package func register(
        socket: String, peer: PeerCredentials?, numbers: EventEncoder.Numbers, cursor: Int64, now: Timestamp,
        filter: EventFilter = EventFilter(), token: String? = nil
    ) -> SubscriberID {
        state.withLock { state in
            let (id, number) = Self.nextID(run, &state)
            let subscriber = Subscriber(
                id: id, socket: socket, peer: peer, numbers: numbers, since: now, filter: filter, token: token,
                after: cursor, cursor: cursor, pendingBytes: 0, sentLines: 0
            )
            state.subscribers[id] = (number, subscriber)
            return id
        }
    }

    /// Nothing happens where the reader is no longer listed.
    package func update(_ id: SubscriberID, cursor: Int64, pendingBytes: Int, sentLines: Int64) {
        state.withLock { state in
            state.subscribers[id]?.subscriber.cursor = cursor
            state.subscribers[id]?.subscriber.pendingBytes = pendingBytes
            state.subscribers[id]?.subscriber.sentLines = sentLines
        }
    }

    /// It has its farewell before it. Nothing happens where the reader is no longer listed.
    package func sentAway(_ id: SubscriberID, _ reason: ByeReason) {
        state.withLock { $0.subscribers[id]?.subscriber.leaving = reason }
    }

    /// The stay goes into the next `takeSessions`. Nothing happens where the reader is no longer listed.
    package func unregister(_ id: SubscriberID, left: ReaderSession.Leaving) {
        let now = WallClock.now()
        state.withLock { state in
            guard let subscriber = state.subscribers.removeValue(forKey: id)?.subscriber else { return }
            state.taken[id] = nil
            // More than come and go between two heartbeats are no readers, and the oldest of them are let go of.
            if state.gone.count >= Self.maximumGone { state.gone.removeFirst(Self.maximumGone / 2) }
            state.gone.append(Self.session(subscriber, until: now, left: left))
        }
    }

    private static let maximumGone = 4_096

    /// The stays that began, went on or ended since this was last asked, to be written down.
    package func takeSessions(now: Timestamp) -> [ReaderSession] {
        state.withLock { state in
            defer { state.gone.removeAll() }
            var sessions = state.gone
            for (id, entry) in state.subscribers where state.taken[id] != entry.subscriber.cursor {
                state.taken[id] = entry.subscriber.cursor
                sessions.append(Self.session(entry.subscriber, until: now))
            }
            return sessions
        }
    }

    /// The stays that go on, and those that ended and are not written down yet.
    package var sessions: [ReaderSession] {
        state.withLock { state in
            state.gone + state.subscribers.values.map { Self.session($0.subscriber, until: nil) }
        }
    }

    private static func session(
        _ subscriber: Subscriber, until: Timestamp?, left: ReaderSession.Leaving? = nil
    ) -> ReaderSession {
        ReaderSession(
            id: subscriber.id.rawValue, socket: subscriber.socket, uid: subscriber.peer?.uid, pid: subscriber.peer?.pid,
            token: subscriber.token, numbers: subscriber.numbers.rawValue, filter: subscriber.filter,
            since: subscriber.since, until: until, after: subscriber.after, through: subscriber.cursor, left: left)
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
