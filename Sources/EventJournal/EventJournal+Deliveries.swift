package import CallModel
import GRDB
import Synchronization

/// Raw deliveries. Any thread; every call does a bounded amount of work on one snapshot.
extension EventJournal {
    /// Deliveries that one page looks at, at most.
    package static let deliveryScan: Int64 = 1_024
    /// A page ends once its bodies have this many bytes.
    package static let deliveryPageBytes = 1 << 20
    /// Deliveries behind one call and its session, at most; the oldest are given.
    package static let maximumCallDeliveries = 10_000
    /// In between those, what the same sources sent and what caused no event is taken too, where it is no more than
    /// this.
    static let maximumNeighbours = 2_000
    /// Lines of ours that are looked at.
    static let maximumOwnLines = 10_000
    /// Of the earliest calls of a line, those of which it is looked up when they were heard of.
    static let callsOfALine = 4

    /// The `id` of the last delivery; 0 where there has never been one.
    package var lastDelivery: Int64 { positions.withLock { $0.lastDelivery } }

    /// The deliveries after `id` up to `last` that were observed at `since` or later; at most one page.
    ///
    /// - Parameter source: `provider/name`, or the configured name alone.
    package func deliveries(
        after id: Int64, through last: Int64, since: Timestamp?, source: String?
    ) throws(JournalError) -> DeliveryPage {
        try read { db in
            // What was pruned leaves a long stretch without rows.
            let first = try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT min(id) FROM deliveries WHERE id > ?"), arguments: [id])
            guard let first, first <= last else { return DeliveryPage(deliveries: [], scannedTo: last) }
            var page = DeliveryPage(deliveries: [], scannedTo: min(first - 1 + Self.deliveryScan, last))
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: "SELECT \(StoredDelivery.columns) FROM deliveries WHERE id >= ? AND id <= ? ORDER BY id"),
                arguments: [first, page.scannedTo])
            var size = 0
            while let row = try rows.next() {
                if let since, try row.number(at: 1) < since.milliseconds { continue }
                let delivery = try StoredDelivery.delivery(row).delivery
                if let source, delivery.source.description != source, delivery.source.name != source { continue }
                page.ids.append(try row.number(at: 0))
                page.deliveries.append(delivery)
                size += delivery.body.count
                if size >= Self.deliveryPageBytes {
                    page.scannedTo = try row.number(at: 0)
                    break
                }
            }
            return page
        }
    }

    /// The ids of the deliveries that the call, or a call of its session, took in or told an event for, in their order.
    package func deliveries(behind call: CallID) throws(JournalError) -> [Int64] {
        try read { db in try Self.deliveryIDs(behind: call, db) }
    }

    /// Those of the given deliveries, which are in order, that are still kept, until their bodies have
    /// `deliveryPageBytes`.
    package func deliveries(_ ids: ArraySlice<Int64>) throws(JournalError) -> DeliveryPage {
        try read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(StoredDelivery.columns) FROM deliveries WHERE id = ?")
            var page = DeliveryPage(deliveries: [], scannedTo: 0)
            var size = 0
            for id in ids where size < Self.deliveryPageBytes {
                page.scannedTo = id
                guard let row = try Row.fetchOne(statement, arguments: [id]) else { continue }
                let delivery = try StoredDelivery.delivery(row).delivery
                page.ids.append(id)
                page.deliveries.append(delivery)
                size += delivery.body.count
            }
            return page
        }
    }

    /// How many of the deliveries are no longer kept. What is let go of are always the oldest.
    package func missing(_ ids: [Int64]) throws(JournalError) -> Int {
        try read { db in
            let first = try Int64.fetchOne(db.cachedStatement(sql: "SELECT min(id) FROM deliveries")) ?? .max
            return ids.prefix { $0 < first }.count
        }
    }

    /// What to replay to see how the call became what it is: what is known to have to do with it; what made the calls
    /// that went on or were remembered when it began, as they may decide whose a word is; and, where that is not too
    /// much, what the same sources sent in between and right after, as that may have been dropped for a reason.
    package func inputs(of call: CallID) throws(JournalError) -> CallInputs {
        try read { db in
            let ids = try Self.deliveryIDs(behind: call, db)
            var inputs = CallInputs()
            guard let first = ids.first, let last = ids.last else {
                inputs.isComplete = false
                return inputs
            }
            var (sources, begun): (Set<String>, Int64) = ([], .max)
            let origin = try db.cachedStatement(sql: "SELECT source, observed FROM deliveries WHERE id = ?")
            for id in ids {
                guard let row = try Row.fetchOne(origin, arguments: [id]) else {
                    inputs.isComplete = false
                    continue
                }
                sources.insert(try row.text(at: 0))
                begun = min(begun, try row.number(at: 1))
            }
            guard inputs.isComplete else { return inputs }
            let through = try Self.lastEcho(of: last, db)
            let between = try Int64.fetchOne(
                db, sql: "SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE id BETWEEN ? AND ? LIMIT ?)",
                arguments: [first, through, Self.maximumNeighbours + 1])
            let takesAll = (between ?? 0) <= Self.maximumNeighbours
            var size = 0
            for id in try Self.deliveryIDs(before: first, at: begun, sources, db) {
                let row = try Row.fetchOne(
                    db.cachedStatement(sql: "SELECT \(StoredDelivery.columns) FROM deliveries WHERE id = ?"),
                    arguments: [id])
                guard let row, size < Self.deliveryPageBytes else { continue }
                inputs.deliveries.append(try StoredDelivery.delivery(row).delivery)
                size += inputs.deliveries.last?.body.count ?? 0
            }
            let linked = Set(ids)
            let rows = try Row.fetchCursor(
                db, sql: "SELECT \(StoredDelivery.columns) FROM deliveries WHERE id BETWEEN ? AND ? ORDER BY id",
                arguments: [first, takesAll ? through : last])
            size = 0
            while let row = try rows.next(), size < Self.maximumHistoryBytes {
                guard try linked.contains(row.number(at: 0)) || (takesAll && sources.contains(row.text(at: 2))) else {
                    continue
                }
                let delivery = try StoredDelivery.delivery(row).delivery
                inputs.deliveries.append(delivery)
                size += delivery.body.count
            }
            if size >= Self.maximumHistoryBytes { inputs.isComplete = false }
            inputs.lines = try Self.ownLines(before: first, db)
            return inputs
        }
    }

    /// The numbers of our lines that calls had told of before the delivery came, by source, each of the source that
    /// told first.
    package func ownLines(before delivery: Int64) throws(JournalError) -> [SourceName: [String]] {
        try read { db in try Self.ownLines(before: delivery, db) }
    }

    /// From one number to the next in the index, however many calls each has. When a call began by the provider's clock
    /// does not tell when it was heard of, nor that its line was known from the first word on.
    private static func ownLines(before delivery: Int64, _ db: Database) throws -> [SourceName: [String]] {
        let next = try db.cachedStatement(
            sql: "SELECT local_number FROM calls WHERE local_number > ? ORDER BY local_number LIMIT 1")
        let earliest = try db.cachedStatement(
            sql: """
                SELECT source, ifnull((SELECT min(delivery) FROM events
                    WHERE subject = calls.id AND line_number = local_number AND delivery IS NOT NULL), 0) AS heard
                FROM (SELECT id, source, local_number FROM calls WHERE local_number = ? ORDER BY started LIMIT \(callsOfALine))
                    AS calls
                ORDER BY heard LIMIT 1
                """)
        var lines: [SourceName: [String]] = [:]
        var number = "+"
        for _ in 0..<maximumOwnLines {
            guard let following = try String.fetchOne(next, arguments: [number]), following.hasPrefix("+") else {
                break
            }
            number = following
            guard let row = try Row.fetchOne(earliest, arguments: [number]) else { continue }
            // Nothing but the call is kept any more: that was long ago.
            if try row.number(at: 1) < delivery, let source = SourceName(try row.text(at: 0)) {
                lines[source, default: []].append(number)
            }
        }
        return lines
    }

    /// The last delivery that may repeat what was said: soon after, and not many later.
    private static func lastEcho(of last: Int64, _ db: Database) throws -> Int64 {
        try Int64.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT max(id) FROM deliveries WHERE id BETWEEN ?1 AND ?1 + 256
                        AND observed <= (SELECT observed FROM deliveries WHERE id = ?1) + 60000
                    """), arguments: [last]) ?? last
    }

    /// The deliveries before `first` that made the calls which went on at `time`, or had not been forgotten, in
    /// order; the latest where there are many.
    private static func deliveryIDs(
        before first: Int64, at time: Int64, _ sources: Set<String>, _ db: Database
    ) throws -> [Int64] {
        let marks = sources.map { _ in "?" }.joined(separator: ",")
        let arguments: [any DatabaseValueConvertible] =
            [time - 86_400_000, time, time] + sources.sorted() + [first, first, maximumNeighbours / 4]
        return try Int64.fetchAll(
            db,
            sql: """
                WITH going_on (id) AS (
                    SELECT id FROM calls INDEXED BY calls_started
                    WHERE started BETWEEN ? AND ? AND updated >= ? AND source IN (\(marks)))
                SELECT delivery FROM events WHERE subject IN going_on AND delivery < ?
                UNION SELECT delivery FROM silent WHERE call IN going_on AND delivery < ?
                ORDER BY delivery DESC LIMIT ?
                """, arguments: StatementArguments(arguments)
        ).reversed()
    }

    /// Calls of one session begin within a day of each other.
    private static func deliveryIDs(behind call: CallID, _ db: Database) throws -> [Int64] {
        try Int64.fetchAll(
            db.cachedStatement(
                sql: """
                    WITH together (id) AS (
                        SELECT other.id FROM calls AS this JOIN calls AS other
                            ON other.session = this.session
                            AND other.started BETWEEN this.started - 86400000 AND this.started + 86400000
                        WHERE this.id = ?1
                        UNION SELECT ?1)
                    SELECT delivery FROM events WHERE subject IN together AND delivery IS NOT NULL
                    UNION SELECT delivery FROM silent WHERE call IN together
                    ORDER BY delivery LIMIT ?2
                    """), arguments: [call.rawValue.storable, maximumCallDeliveries])
    }
}
