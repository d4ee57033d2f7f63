import CallModel
import Glibc
import HostSupport
import NIOCore

/// Writes the stream to one descriptor that may block, break or be closed at any time. Runs on a thread of its own.
///
/// Never writes more than a pipe takes at once, and only after `poll` has said that there is room, so that it is found
/// in `poll` when it has to stop. What may block all the same, such as a terminal that is stopped, blocks this thread
/// and nobody else.
struct StdoutWriter {
    /// Why the writer has ended.
    enum End: Equatable {
        case farewellWritten
        /// It had to stop, and the farewell could not be written in time.
        case farewellLost
        /// Nobody reads any more: the system's error.
        case closed(Int32)
    }

    /// What a pipe with any room at all takes at once (`PIPE_BUF`).
    private static let chunkBytes = 4_096
    /// Lines are fetched until this much waits to be written.
    private static let batchBytes = 64 << 10

    private let descriptor: Int32
    private let hub: StreamHub
    private let news: WakeDescriptor
    private let stop: WakeDescriptor
    private let stopGrace: Span
    private let id: SubscriberID
    private let snapshotCalls: [LiveCall]
    private var machine: SubscriberStateMachine
    private var greeting: StreamGreeting
    private var stopBy: Timestamp?
    private var pending: [UInt8] = []
    private var written = 0
    private var sentLines: Int64 = 0
    private var trouble: StdoutTrouble
    private let tell: (StdoutTrouble.Action) -> Void

    /// Enters itself as a reader; `run` takes the entry out again.
    init(
        descriptor: Int32, hub: StreamHub, version: String, numbers: EventEncoder.Numbers,
        policy: SubscriberStateMachine.Policy, stopGrace: Span, patience: Span, news: WakeDescriptor,
        stop: WakeDescriptor, tell: @escaping (StdoutTrouble.Action) -> Void
    ) {
        self.descriptor = descriptor
        self.hub = hub
        self.news = news
        self.stop = stop
        self.stopGrace = stopGrace
        let snapshot = hub.snapshot()
        snapshotCalls = snapshot.calls
        trouble = StdoutTrouble(patience: patience, taken: snapshot.head)
        self.tell = tell
        machine = SubscriberStateMachine(
            snapshotHead: snapshot.head, liveCalls: snapshot.calls.count, policy: policy, now: MonotonicClock.now()
        )
        id = hub.subscribers.register(
            socket: "stdout", peer: nil, numbers: numbers, cursor: snapshot.head, now: WallClock.now()
        )
        greeting = StreamGreeting(epoch: hub.epoch, subscriber: id, version: version, numbers: numbers)
    }

    /// Writes until told to stop, or until nobody reads.
    mutating func run() -> End {
        defer { hub.subscribers.unregister(id, left: stopBy == nil ? .disconnected : .shutdown) }
        while true {
            if written < pending.count {
                if let end = writeSome() { return end }
            } else {
                pending.removeAll(keepingCapacity: true)
                written = 0
                trouble.tookAll(through: machine.cursor)
                if let end = refill() { return end }
            }
            hub.subscribers.update(
                id, cursor: machine.cursor, pendingBytes: pending.count - written, sentLines: sentLines
            )
        }
    }

    /// Writes one chunk, as soon as there is room for it.
    private mutating func writeSome() -> End? {
        tell(trouble.waited(now: MonotonicClock.now()))
        switch wait(for: POLLOUT, until: [stopBy, trouble.due].compactMap(\.self).min()) {
        case .failed(let code): return .closed(code)
        case .stopRequested:
            stopBy = MonotonicClock.now().advanced(by: stopGrace)
            return nil
        case .timedOut, .news: return isTooLate ? .farewellLost : nil
        case .ready: break
        }
        let (from, end) = (written, min(pending.count, written + Self.chunkBytes))
        let result = pending.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + from }, end - from) }
        if result >= 0 {
            written += result
            trouble.wrote()
            return nil
        }
        switch errno {
        case EINTR: return nil
        case EAGAIN:
            // Room, but not for a chunk: not to be asked again at once.
            usleep(10_000)
            return isTooLate ? .farewellLost : nil
        case ENOSPC, EDQUOT:
            // A file on a full disk: somebody makes room, and the rest of the line follows.
            tell(trouble.wasFull())
            return waitForSpace()
        case let code: return .closed(code)
        }
    }

    /// Up to a second, less where it has to stop.
    private mutating func waitForSpace() -> End? {
        guard stopBy == nil else {
            usleep(10_000)
            return isTooLate ? .farewellLost : nil
        }
        var request = pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&request, 1, 1_000) > 0 { stopBy = MonotonicClock.now().advanced(by: stopGrace) }
        return nil
    }

    private var isTooLate: Bool { stopBy.map { MonotonicClock.now() >= $0 } ?? false }

    /// Collects what is to be written next; where there is nothing, waits for it.
    private mutating func refill() -> End? {
        news.drain()
        // It may have all events that are there, but not at the price of the farewell.
        if let stopBy, stopBy.since(MonotonicClock.now()) < Span(milliseconds: stopGrace.milliseconds / 2) {
            machine.dismissed(.shutdown, closeBy: stopBy)
        }
        while pending.count < Self.batchBytes {
            let now = MonotonicClock.now()
            switch machine.next(hasRoom: true, ring: hub.extent, now: now) {
            case .sendHello(let head): add(greeting.hello(oldest: hub.oldest, head: head, now: WallClock.now()))
            case .sendSnapshot(let index, let head):
                add(greeting.snapshot(snapshotCalls[index], head: head, now: WallClock.now()))
            case .sendLive(let head): add(greeting.live(head: head, now: WallClock.now()))
            case .sendBookmark(let seq): add(greeting.bookmark(seq: seq, now: WallClock.now()))
            case .sendGap(let from, let to):
                tell(trouble.left(out: to - from + 1))
                add(greeting.gap(from: from, to: to, now: WallClock.now()))
            case .sendBye(let reason, let seq): add(greeting.bye(reason, seq: seq, now: WallClock.now()))
            case .sendLines(let seq): addLines(after: seq)
            case .close: return pending.isEmpty ? .farewellWritten : .farewellLost
            case .wait(let due):
                guard pending.isEmpty else { return nil }
                tell(trouble.caughtUp())
                if machine.isLeaving { return .farewellWritten }
                if stopBy != nil {
                    machine.dismissed(.shutdown, closeBy: stopBy)
                    continue
                }
                return idle(until: due)
            }
        }
        return nil
    }

    private mutating func idle(until due: Timestamp?) -> End? {
        switch wait(for: 0, until: due) {
        case .failed(let code): return .closed(code)
        case .stopRequested: stopBy = MonotonicClock.now().advanced(by: stopGrace)
        case .ready, .news, .timedOut: break
        }
        return nil
    }

    private mutating func addLines(after seq: Int64) {
        let numbers = greeting.numbers
        let room = Self.batchBytes - pending.count
        guard case .lines(let lines, let through) = hub.encodedLines(after: seq, maximumBytes: room, numbers: numbers)
        else { return }
        for line in lines { pending.append(contentsOf: line.readableBytesView) }
        sentLines += Int64(lines.count)
        machine.linesSent(through: through)
    }

    private mutating func add(_ line: [UInt8]) {
        pending.append(contentsOf: line)
        sentLines += 1
    }

    private enum Wakening { case ready, news, stopRequested, timedOut, failed(Int32) }

    /// Sleeps until the descriptor is ready for `events` or broken, there is news (where nothing waits to be written),
    /// a stop is requested (once), or it is time.
    private func wait(for events: Int32, until due: Timestamp?) -> Wakening {
        var sets = [
            pollfd(fd: descriptor, events: Int16(events), revents: 0),
            pollfd(fd: stopBy == nil ? stop.descriptor : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: events == 0 ? news.descriptor : -1, events: Int16(POLLIN), revents: 0),
        ]
        let timeout = due.map { min(max(0, $0.since(MonotonicClock.now()).milliseconds), 60_000) } ?? -1
        guard poll(&sets, nfds_t(sets.count), Int32(timeout)) >= 0 else {
            return errno == EINTR ? .timedOut : .failed(errno)
        }
        let state = Int32(sets[0].revents)
        if state & POLLNVAL != 0 { return .failed(EBADF) }
        if state & POLLERR != 0 { return .failed(EPIPE) }
        if state & POLLHUP != 0 { return .failed(EIO) }
        if sets[1].revents != 0 { return .stopRequested }
        if state & events != 0 { return .ready }
        return sets[2].revents != 0 ? .news : .timedOut
    }
}
