import CallModel
import EventJournal
import Fanout
import HummingbirdCore
import NIOCore

/// Sends one stream: hello, what the reader has missed, then what comes, until either side has had enough.
///
/// There is one position and it only moves forward over events that have been sent or filtered out. Wherever the next
/// event is, in the journal or in memory, is where it is taken from; so replay and live join without a hole or a
/// repeat, and a reader that falls behind goes back to the journal instead of being cut.
///
/// `@concurrent` throughout, because that is what the writer of the response is.
struct EventFeed {
    let hub: StreamHub
    let reads: JournalReads
    let request: EventsRequest
    let stop: StreamStop
    let channel: any Channel
    let bookmarkInterval: Duration
    let now: @Sendable () -> Timestamp
    let oldest: @Sendable () -> Int64
    let id: SubscriberID
    var greeting: StreamGreeting
    /// Everything up to and including this event has been dealt with.
    var position: Int64
    /// Where to end; nil: never.
    let end: Int64?

    private var sentLines: Int64 = 0
    private var isLive = false
    private var nextBookmark: ContinuousClock.Instant

    init(
        request: EventsRequest, position: Int64, end: Int64?, id: SubscriberID, backend: APIBackend,
        reads: JournalReads, stop: StreamStop, channel: any Channel, bookmarkInterval: Duration
    ) {
        hub = backend.hub
        now = backend.now
        oldest = { [journal = backend.journal] in journal.oldest }
        greeting = StreamGreeting(epoch: backend.hub.epoch, subscriber: id, version: backend.version, numbers: .clear)
        self.reads = reads
        self.request = request
        self.position = position
        self.end = end
        self.id = id
        self.stop = stop
        self.channel = channel
        self.bookmarkInterval = bookmarkInterval
        nextBookmark = .now + bookmarkInterval
    }

    /// Returns at an orderly end; throws where the connection or the journal failed, and the stream just breaks off.
    @concurrent mutating func run(_ writer: inout any ResponseBodyWriter) async throws {
        try await begin(&writer)
        while true {
            switch stop.reason {
            case nil: break
            case .bye(let reason): return try await finish(reason, &writer)
            case .disconnected: return
            }
            if ContinuousClock.now >= nextBookmark { try await bookmark(&writer) }
            if let end, position >= end { return try await bookmark(&writer) }
            switch hub.lines(after: position, limit: APILimits.pageLines) {
            case .lines(let lines):
                if let admitted = admitted(lines) {
                    try await send(admitted, through: lines.last?.seq ?? position, &writer)
                } else if try await !replay(&writer) {
                    return
                }
            case .tooOld:
                if try await !replay(&writer) { return }
            case .none:
                try await announceLive(&writer)
                await more()
            }
        }
    }

    // MARK: - Steps

    @concurrent private mutating func begin(_ writer: inout any ResponseBodyWriter) async throws {
        let hello = greeting.hello(oldest: oldest(), head: hub.head, now: now())
        guard request.snapshot else {
            // With its cursor, so that an SSE reader which is cut off before the first event comes back to here.
            return try await send(hello, .hello, at: position, &writer)
        }
        // Without: a reader that has not got the whole snapshot must come back for all of it.
        try await send(hello, .hello, at: nil, &writer)
        let snapshot = hub.snapshot()
        position = snapshot.head
        for call in snapshot.calls {
            let line = greeting.snapshot(call, head: snapshot.head, now: now())
            try await send(line, .snapshot, at: nil, &writer)
        }
        try await announceLive(&writer)
    }

    /// One page from the journal. False: what comes next is no longer kept, and the stream is over.
    @concurrent private mutating func replay(_ writer: inout any ResponseBodyWriter) async throws -> Bool {
        let (position, filter) = (position, request.filter)
        let page = try await reads.run { journal throws(JournalError) in
            try journal.events(after: position, limit: APILimits.pageLines, filter: filter)
        }
        if let missing = page.missing {
            let gap = greeting.gap(from: missing.lowerBound, to: missing.upperBound, now: now())
            try await send(gap, .gap, at: nil, &writer)
            try await bye(.slow, at: missing.upperBound, &writer)
            return false
        }
        try await send(page.lines, through: page.scannedTo, &writer)
        return true
    }

    /// Waits for the next event, the next bookmark or the end, whichever comes first.
    @concurrent private func more() async {
        let (hub, stop, position) = (hub, stop, position)
        let patience = max(nextBookmark - ContinuousClock.now, .zero)
        await withTaskGroup { group in
            group.addTask { await hub.waitForMore(after: position, atMost: patience) }
            group.addTask { await stop.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    /// A reader that is up to date gets what had been published when the order to stop came, then the farewell.
    @concurrent private mutating func finish(_ reason: ByeReason, _ writer: inout any ResponseBodyWriter) async throws {
        let last = hub.head
        while position < last, stop.reason != .disconnected,
            case .lines(let lines) = hub.lines(after: position, limit: APILimits.pageLines),
            let admitted = admitted(lines)
        {
            try await send(admitted, through: lines.last?.seq ?? last, &writer)
        }
        try await bye(reason, at: position, &writer)
    }

    /// Nothing is live for a reader that does not follow: for that one, the last bookmark says that all has come.
    @concurrent private mutating func announceLive(_ writer: inout any ResponseBodyWriter) async throws {
        guard request.follow, !isLive else { return }
        isLive = true
        try await send(greeting.live(head: position, now: now()), .live, at: position, &writer)
    }

    @concurrent private mutating func bookmark(_ writer: inout any ResponseBodyWriter) async throws {
        nextBookmark = .now + bookmarkInterval
        try await send(greeting.bookmark(seq: position, now: now()), .bookmark, at: position, &writer)
    }

    @concurrent private mutating func bye(
        _ reason: ByeReason, at seq: Int64, _ writer: inout any ResponseBodyWriter
    ) async throws {
        try await send(greeting.bye(reason, seq: seq, now: now()), .bye, at: seq, &writer)
    }

    // MARK: - Lines

    /// The lines the reader wants; nil where that cannot be told from what is in memory.
    private func admitted(_ lines: [StreamLine]) -> [StreamLine]? {
        if request.filter.isEmpty { return lines }
        var admitted: [StreamLine] = []
        for line in lines {
            guard let event = line.event else { return nil }
            if request.filter.admits(event.draft) { admitted.append(line) }
        }
        return admitted
    }

    @concurrent private mutating func send(
        _ lines: [StreamLine], through seq: Int64, _ writer: inout any ResponseBodyWriter
    ) async throws {
        var buffer = ByteBuffer()
        for line in lines where line.seq <= end ?? .max {
            request.framing.append(line.bytes, type: line.type, cursor: hub.cursor(line.seq), to: &buffer)
            sentLines += 1
        }
        let reached = min(seq, end ?? .max)
        try await write(buffer, &writer)
        position = reached
        await report()
    }

    @concurrent private mutating func send(
        _ line: [UInt8], _ type: StreamEventType, at seq: Int64?, _ writer: inout any ResponseBodyWriter
    ) async throws {
        var buffer = ByteBuffer()
        request.framing.append(line, type: type.rawValue, cursor: seq.map(hub.cursor), to: &buffer)
        sentLines += 1
        try await write(buffer, &writer)
        await report()
    }

    /// Returns once the connection has room again: this is what a slow reader waits in, at no one else's expense.
    @concurrent private func write(_ buffer: ByteBuffer, _ writer: inout any ResponseBodyWriter) async throws {
        guard buffer.readableBytes > 0 else { return }
        hub.subscribers.update(id, cursor: position, pendingBytes: buffer.readableBytes, sentLines: sentLines)
        try await writer.write(buffer)
    }

    @concurrent private func report() async {
        let pending = try? await channel.getOption(.bufferedWritableBytes).get()
        hub.subscribers.update(id, cursor: position, pendingBytes: pending ?? 0, sentLines: sentLines)
    }
}
