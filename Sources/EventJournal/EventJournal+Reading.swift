package import CallModel
import FoundationEssentials
import GRDB

/// Any thread. Every call does a bounded amount of work on one snapshot.
extension EventJournal {
    /// Events that one page looks at, at most.
    package static let pageScan: Int64 = 4_096
    /// Lines of one page, at most.
    package static let pageLines = 4_096
    /// A page ends once its lines have this many bytes.
    package static let pageBytes = 4 << 20
    /// Events in the history of one call, at most; the oldest are given.
    package static let maximumHistoryEvents = 2_000
    /// Raw input in the history of one call, at most.
    package static let maximumHistoryBytes = 16 << 20

    /// The events after `seq` that `filter` admits: at most `limit`, and no more than lie within one page's bounds.
    ///
    /// See `EventPage` for how to go on.
    package func events(after seq: Int64, limit: Int, filter: EventFilter) throws(JournalError) -> EventPage {
        let limit = min(max(limit, 1), Self.pageLines)
        return try read { db in
            let (pruned, head) = try Self.bounds(db)
            let asked = max(seq, 0)
            let start = max(asked, pruned)
            var page = EventPage(lines: [], scannedTo: start, missing: asked < pruned ? asked + 1...pruned : nil)
            guard start < head else { return page }
            page.scannedTo = min(start + Self.pageScan, head)
            let filter = StoredEventFilter(filter)
            var size = 0
            let statement = try db.cachedStatement(
                sql: """
                    SELECT seq, body, \(StoredEventFilter.columns) FROM events WHERE seq > ? AND seq <= ? ORDER BY seq
                    """
            )
            let rows = try Row.fetchCursor(statement, arguments: [start, page.scannedTo])
            while let row = try rows.next() {
                guard try filter.admits(row, columnsAt: 2) else { continue }
                let line = StreamLine(
                    seq: try row.number(at: 0), event: nil, type: try row.text(at: 2), bytes: try row.bytes(at: 1)
                )
                page.lines.append(line)
                size += line.bytes.count
                if page.lines.count == limit || size >= Self.pageBytes {
                    page.scannedTo = line.seq
                    break
                }
            }
            return page
        }
    }

    /// The first kept event at which our clock had reached `time`; nil where none has.
    ///
    /// Where the clock had been set back in between, this is the first event of all that were observed at `time` or
    /// later, so that a reader gets too much rather than too little.
    package func firstSeq(since time: Timestamp) throws(JournalError) -> Int64? {
        try read { db in
            let (pruned, head) = try Self.bounds(db)
            let statement = try db.cachedStatement(sql: "SELECT latest FROM events WHERE seq = ?")
            var low = pruned + 1
            var high = head + 1
            while low < high {
                let middle = low + (high - low) / 2
                guard let latest = try Int64.fetchOne(statement, arguments: [middle]) else { throw Row.damage(0) }
                if latest >= time.milliseconds { high = middle } else { low = middle + 1 }
            }
            return low <= head ? low : nil
        }
    }

    /// Every event about the call, oldest first, each with the raw delivery that caused it where that is still kept.
    package func history(of id: CallID) throws(JournalError) -> [CallHistoryEntry] {
        try read { db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: "SELECT seq, body, type, observed, delivery FROM events WHERE subject = ? ORDER BY seq LIMIT ?"
                ),
                arguments: [id.rawValue.storable, Self.maximumHistoryEvents]
            )
            let deliveries = try db.cachedStatement(
                sql: "SELECT \(StoredDelivery.columns) FROM deliveries WHERE id = ?"
            )
            var entries: [CallHistoryEntry] = []
            var known: [Int64: (delivery: Delivery, unparsed: Bool)] = [:]
            var size = 0
            while let row = try rows.next() {
                var cause: (delivery: Delivery, unparsed: Bool)?
                if let number = row[4] as Int64? {
                    cause = known[number]
                    if cause == nil, size < Self.maximumHistoryBytes,
                        let stored = try Row.fetchOne(deliveries, arguments: [number])
                    {
                        cause = try StoredDelivery.delivery(stored)
                        known[number] = cause
                        size += cause?.delivery.body.count ?? 0
                    }
                }
                let event = StreamLine(
                    seq: try row.number(at: 0), event: nil, type: try row.text(at: 2), bytes: try row.bytes(at: 1)
                )
                entries.append(
                    CallHistoryEntry(
                        event: event, observed: Timestamp(milliseconds: try row.number(at: 3)),
                        delivery: cause?.delivery, unparsed: cause?.unparsed ?? false
                    )
                )
            }
            return entries
        }
    }

    /// Where the pollers of a source go on.
    package func cursors(of source: SourceName) throws(JournalError) -> [PollCursor] {
        try read { db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: """
                        SELECT slot, value, observed, heard, lost_since, lost_why FROM cursors
                        WHERE source = ? ORDER BY slot
                        """),
                arguments: [source.description.storable]
            )
            var cursors: [PollCursor] = []
            while let row = try rows.next() {
                cursors.append(
                    PollCursor(
                        slot: try row.text(at: 0), value: try row.text(at: 1), memory: Self.memory(row),
                        arrived: Timestamp(milliseconds: try row.number(at: 2))))
            }
            return cursors
        }
    }

    private static func memory(_ row: Row) -> PollMemory? {
        let heard = (row[3] as Int64?).map(Timestamp.init(milliseconds:))
        let since = (row[4] as Int64?).map(Timestamp.init(milliseconds:))
        let loss = since.map { PollMemory.Loss(since: $0, reason: row[5] ?? "") }
        return heard == nil && loss == nil ? nil : PollMemory(heard: heard, loss: loss)
    }

    /// The last word on the health of each source, as far as it is still kept.
    package func lastWords() throws(JournalError) -> [SourceName: SourceReport.Change] {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT source, type, max(seq) FROM events INDEXED BY events_health
                    WHERE type IN ('source.up', 'source.down', 'source.degraded') GROUP BY source
                    """)
            var words: [SourceName: SourceReport.Change] = [:]
            while let row = try rows.next() {
                guard let source = SourceName(try row.text(at: 0)) else { continue }
                words[source] = SourceReport.Change(rawValue: String(try row.text(at: 1).dropFirst("source.".count)))
            }
            return words
        }
    }

    /// The tracker's state other than calls; nil where none was ever stored.
    package func trackerState() throws(JournalError) -> [UInt8]? {
        try read { db in try Row.fetchOne(db, sql: "SELECT state FROM tracker WHERE id = 1")?.bytes(at: 0) }
    }

    /// When the newest delivery that is kept came.
    package func lastArrival() throws(JournalError) -> Timestamp? {
        try read { db in
            try Int64.fetchOne(db, sql: "SELECT observed FROM deliveries ORDER BY id DESC LIMIT 1")
                .map(Timestamp.init(milliseconds:))
        }
    }

    /// The last event that is no longer kept, and the last event of all.
    private static func bounds(_ db: Database) throws -> (pruned: Int64, head: Int64) {
        let statement = try db.cachedStatement(sql: "SELECT events_pruned, (SELECT max(seq) FROM events) FROM meta")
        guard let row = try Row.fetchOne(statement) else { throw Row.damage(0) }
        let pruned = try row.number(at: 0)
        return (pruned, max(row[1] as Int64? ?? 0, pruned))
    }
}
