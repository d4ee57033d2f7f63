import CallModel
import EventJournal
import Hummingbird
import HummingbirdCore
import NIOCore
import Replay

/// The answer of `GET /v1/deliveries`: raw deliveries as a recording, page by page, up to what was there when it was
/// asked.
struct DeliveryFeed {
    private enum Choice: Sendable {
        case all(since: Timestamp?, source: String?, through: Int64)
        case listed([Int64], missing: Int)
    }

    private let choice: Choice
    private let source: String?
    private let since: Timestamp?
    private let context: RecordingContext
    private let reads: JournalReads
    private var introduced: Set<SourceName> = []
    /// Known before the first delivery; nil until there is one.
    private var lines: [SourceName: [String]]?

    static func response(_ text: String?, _ backend: APIBackend, _ reads: JournalReads) async throws(Problem)
        -> Response
    {
        let query = try Query(text, allowed: ["since", "source", "call"])
        let since = try query.time("since", now: backend.now())
        let source = query["source"]
        let known = SourceWish(configured: backend.sources.sources().map(\.source), reads: reads)
        try await known.check(source, in: backend.journal, until: StreamStop())
        let choice: Choice
        if let id = query["call"].map(CallID.init(rawValue:)) {
            let found = try await reads.run { journal throws(JournalError) -> Choice? in
                guard try journal.call(id) != nil else { return nil }
                let ids = try journal.deliveries(behind: id)
                return .listed(ids, missing: try journal.missing(ids))
            }
            guard let found else { throw Problem(CallControlError.notFound, sources: []) }
            choice = found
        } else {
            choice = .all(since: since, source: source, through: backend.journal.lastDelivery)
        }
        let feed = DeliveryFeed(
            choice: choice, source: source, since: since, context: backend.recording(), reads: reads)
        let body = ResponseBody { writer in
            var feed = feed
            try await feed.run(&writer)
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"], body: body)
    }

    private init(
        choice: Choice, source: String?, since: Timestamp?, context: RecordingContext, reads: JournalReads
    ) {
        self.choice = choice
        self.source = source
        self.since = since
        self.context = context
        self.reads = reads
    }

    @concurrent private mutating func run(_ writer: inout any ResponseBodyWriter) async throws {
        var missing = 0
        if case .listed(_, let count) = choice { missing = count }
        try await writer.write(ByteBuffer(bytes: RecordingWriter.header(context.limits, missing: missing)))
        switch choice {
        case .all(let since, let source, let last):
            var position: Int64 = 0
            while position < last {
                let page = try await reads.run { [position] journal throws(JournalError) in
                    try journal.deliveries(after: position, through: last, since: since, source: source)
                }
                position = page.scannedTo
                try await write(page, &writer)
            }
        case .listed(let ids, _):
            var rest = ids[...]
            while !rest.isEmpty {
                let page = try await reads.run { [rest] journal throws(JournalError) in try journal.deliveries(rest) }
                rest = rest.drop { $0 <= page.scannedTo }
                try await write(page, &writer)
            }
        }
    }

    private func isWanted(_ delivery: Delivery) -> Bool {
        if let since, delivery.observed < since { return false }
        return source == nil || source == delivery.source.description || source == delivery.source.name
    }

    @concurrent private mutating func write(
        _ page: DeliveryPage, _ writer: inout any ResponseBodyWriter
    ) async throws {
        var buffer = ByteBuffer()
        for (id, delivery) in zip(page.ids, page.deliveries) where isWanted(delivery) {
            let known: [SourceName: [String]]
            if let lines {
                known = lines
            } else {
                known = try await reads.run { journal throws(JournalError) in try journal.ownLines(before: id) }
                lines = known
            }
            if introduced.insert(delivery.source).inserted,
                let line = context.settingsLine(of: delivery.source, lines: known[delivery.source] ?? [])
            {
                buffer.writeBytes(line)
            }
            buffer.writeBytes(RecordingWriter.line(context.scrubbed(delivery)))
        }
        if buffer.readableBytes > 0 { try await writer.write(buffer) }
    }
}
