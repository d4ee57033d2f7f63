/// What one plain reader is told, and when: greeting, live calls, events, bookmarks, farewell.
///
/// Holds no lines and writes none. Its driver asks `next` until there is nothing to do, does what it says, and asks
/// again when there are new events, when there is room again, or at the time it was told. Every reader is a cursor
/// into lines that are held anyway: one that does not read costs nothing, until what it has not read is let go of.
///
/// `docs/events.md`, Subscribing, is what it keeps to. Times come from a clock that does not jump.
package struct SubscriberStateMachine: Sendable, Equatable {
    /// How patient the daemon is with a reader.
    package struct Policy: Sendable, Hashable {
        /// What becomes of a reader whose next event is no longer held.
        package enum Slowness: Sendable, Hashable {
            /// It is told what it misses and sent away; it may resume from its cursor over the API.
            case cut
            /// It is told what it misses, and goes on with the oldest event held: for a reader that cannot come back.
            case skip
        }

        package var slowness: Slowness
        /// How often the reader is told where the stream is, also while nothing happens.
        package var bookmarkEvery: Span
        /// How long a reader that was sent away may take to read what is on its way to it. As the API, which closes a
        /// connection that takes nothing for so long.
        package var grace: Span
        /// As `grace`, once the daemon stops: whoever reads at all has taken it by then.
        package var graceAtStop: Span

        package init(
            slowness: Slowness = .cut, bookmarkEvery: Span = .seconds(15), grace: Span = .seconds(60),
            graceAtStop: Span = .milliseconds(500)
        ) {
            self.slowness = slowness
            self.bookmarkEvery = bookmarkEvery
            self.grace = grace
            self.graceAtStop = graceAtStop
        }
    }

    /// What the driver does next; after each but `wait` and `close` it asks again.
    package enum Action: Sendable, Hashable {
        case sendHello(head: Int64)
        /// The call at this index of the snapshot.
        case sendSnapshot(index: Int, head: Int64)
        case sendLive(head: Int64)
        /// As many as there is room for, at least one; then say how far with `linesSent(through:)`.
        case sendLines(after: Int64)
        case sendBookmark(seq: Int64)
        case sendGap(from: Int64, to: Int64)
        /// The last line. `seq` is what to resume after; say `farewellWritten` when all is with the reader's side.
        case sendBye(ByeReason, seq: Int64)
        /// Nothing to do before there is more to send, or room again, or this time is reached.
        case wait(until: Timestamp?)
        case close
    }

    private enum State: Sendable, Equatable {
        case unwelcomed
        case greeting(nextCall: Int)
        case live
        /// Something must still be said, whether or not there is room: it goes behind what is pending.
        case dismissed(ByeReason)
        /// All was said at `since`; the reader may take it until the deadline.
        case leaving(since: Timestamp, deadline: Timestamp)
        case closed
    }

    private let policy: Policy
    private let liveCalls: Int
    private let snapshotHead: Int64
    private var state: State
    private var bookmarkDue: Timestamp
    private var mustCloseBy: Timestamp?
    /// The last event the reader has been sent, or told that it will not be sent.
    package private(set) var cursor: Int64

    /// A reader that has come just now, to be told of `liveCalls` calls as they are at `snapshotHead`.
    package init(snapshotHead: Int64, liveCalls: Int, policy: Policy = Policy(), now: Timestamp) {
        self.policy = policy
        self.liveCalls = liveCalls
        self.snapshotHead = snapshotHead
        state = .unwelcomed
        bookmarkDue = now.advanced(by: policy.bookmarkEvery)
        cursor = snapshotHead
    }

    /// Whether the reader has been sent away, or is gone.
    package var isLeaving: Bool {
        switch state {
        case .unwelcomed, .greeting, .live: false
        case .dismissed, .leaving, .closed: true
        }
    }

    /// Since when the reader has had all that it will be sent before it, and has not taken it: who is to give way first
    /// where there are more readers than places.
    package var leavingSince: Timestamp? {
        guard case .leaving(let since, _) = state else { return nil }
        return since
    }

    /// What to do now. `hasRoom`: whether the reader's side takes more at all.
    package mutating func next(hasRoom: Bool, ring: RingExtent, now: Timestamp) -> Action {
        switch state {
        case .closed: return .close
        case .leaving(_, let deadline):
            guard now >= deadline else { return .wait(until: deadline) }
            state = .closed
            return .close
        case .dismissed(let reason):
            let deadline = now.advanced(by: policy.grace)
            state = .leaving(since: now, deadline: min(deadline, mustCloseBy ?? deadline))
            return .sendBye(reason, seq: cursor)
        case .unwelcomed, .greeting, .live:
            if let action = missed(hasRoom: hasRoom, ring: ring) { return action }
            return hasRoom ? proceed(ring: ring, now: now) : .wait(until: nil)
        }
    }

    /// Lines up to and including `seq` are on their way.
    package mutating func linesSent(through seq: Int64) {
        cursor = max(cursor, seq)
    }

    /// The reader has to go. Nothing that is not on its way already will be sent but the farewell.
    ///
    /// - Parameter deadline: when it is closed at the latest; one that is on its way out already is held to it too.
    package mutating func dismissed(_ reason: ByeReason, closeBy deadline: Timestamp?) {
        switch state {
        case .unwelcomed, .greeting, .live:
            mustCloseBy = deadline
            state = .dismissed(reason)
        case .dismissed:
            mustCloseBy = deadline ?? mustCloseBy
        case .leaving(let since, let former):
            var latest = min(former, deadline ?? former)
            if reason == .shutdown { latest = min(latest, since.advanced(by: policy.graceAtStop)) }
            state = .leaving(since: since, deadline: latest)
        case .closed: break
        }
    }

    /// Somebody else wants its place. A reader that was sent away gives it up at once, and is to be closed; one that
    /// reads does not. Whether it does.
    package mutating func placeWanted() -> Bool {
        guard case .leaving = state else { return false }
        state = .closed
        return true
    }

    /// All up to the last line is with the reader's side.
    package mutating func farewellWritten() {
        if case .leaving = state { state = .closed }
    }

    /// The reader is gone.
    package mutating func disconnected() {
        state = .closed
    }

    private mutating func proceed(ring: RingExtent, now: Timestamp) -> Action {
        switch state {
        case .unwelcomed:
            state = .greeting(nextCall: 0)
            return .sendHello(head: snapshotHead)
        case .greeting(let index) where index < liveCalls:
            state = .greeting(nextCall: index + 1)
            return .sendSnapshot(index: index, head: snapshotHead)
        case .greeting:
            state = .live
            return .sendLive(head: snapshotHead)
        default:
            // The bookmark first, or a steady stream of events would put it off for ever.
            if now >= bookmarkDue {
                bookmarkDue = now.advanced(by: policy.bookmarkEvery)
                return .sendBookmark(seq: cursor)
            }
            return ring.head > cursor ? .sendLines(after: cursor) : .wait(until: bookmarkDue)
        }
    }

    /// What follows from the reader's next event being held no longer; nil where it is held.
    private mutating func missed(hasRoom: Bool, ring: RingExtent) -> Action? {
        guard ring.head > cursor, ring.oldest > cursor + 1 else { return nil }
        switch policy.slowness {
        case .cut:
            state = .dismissed(.slow)
            return .sendGap(from: cursor + 1, to: ring.head)
        case .skip:
            guard hasRoom, state == .live else { return nil }
            defer { cursor = ring.oldest - 1 }
            return .sendGap(from: cursor + 1, to: ring.oldest - 1)
        }
    }
}
