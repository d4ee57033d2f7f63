import CallModel
import GRDB

/// Removes old rows inside the transaction it is given.
struct Pruner {
    let db: Database
    /// As they will be once the transaction is committed.
    private(set) var positions: JournalPositions
    private(set) var report = PruneReport()

    init(db: Database, positions: JournalPositions) {
        self.db = db
        self.positions = positions
    }

    /// By age first. A journal that is too big then loses its oldest of every kind, up to the same moment: what is left
    /// reaches back equally far, whichever kind takes the room. What came lately stays in any case.
    mutating func prune(_ limits: RetentionLimits, now: Timestamp, size: Int64) throws {
        let excess = size - limits.maximumBytes
        let horizon = excess > 0 ? try horizon(excess: excess, size: size, now: now) : .min
        let retained = now.advanced(by: Span(milliseconds: -limits.events.milliseconds)).milliseconds
        let eventsBefore = max(retained, horizon)
        let rawBefore = max(now.advanced(by: Span(milliseconds: -limits.raw.milliseconds)).milliseconds, horizon)
        try pruneEvents(before: eventsBefore, now: now)
        let bytes = excess > 0 ? min(excess, EventJournal.pruneBytes) : EventJournal.pruneBytes
        try pruneDeliveries(before: rawBefore, now: now, bytes: bytes)
        try pruneSilent()
        report.calls = try delete(
            """
            DELETE FROM calls WHERE rowid IN (SELECT rowid FROM calls INDEXED BY calls_started
                WHERE started < ?1 AND updated < ?1 AND tracked IS NULL ORDER BY started LIMIT ?2)
            """, before: eventsBefore)
        report.facts = try delete(
            "DELETE FROM facts WHERE id IN (SELECT id FROM facts WHERE observed < ?1 ORDER BY observed LIMIT ?2)",
            before: rawBefore)
        // By age alone: they are small, and a key that is forgotten early would place its call again.
        report.placements = try delete(
            """
            DELETE FROM placements
            WHERE key IN (SELECT key FROM placements WHERE observed < ?1 ORDER BY observed LIMIT ?2)
            """, before: retained)
        try db.execute(cached: "DELETE FROM sessions WHERE until < ?", [eventsBefore])
        try db.execute(
            cached: """
                DELETE FROM sessions
                WHERE since < (SELECT since FROM sessions ORDER BY since DESC LIMIT 1 OFFSET ?)
                """, [EventJournal.maximumSessions])
    }

    /// The moment before which everything goes, in this piece: that of the first kind to reach the number of rows which
    /// is the share of the excess. A few at least, to come to an end.
    private func horizon(excess: Int64, size: Int64, now: Timestamp) throws -> Int64 {
        let share = Double(excess) / Double(size) * Double(positions.head - positions.eventsPruned)
        let rows = min(max(Int(share), 10), EventJournal.pruneRows)
        // The latest moment among them, because the clock may have fallen behind at any of them.
        let ends = try [
            "SELECT latest FROM events ORDER BY seq LIMIT ?",
            "SELECT observed AS latest FROM deliveries ORDER BY id LIMIT ?",
            "SELECT observed AS latest FROM facts ORDER BY observed LIMIT ?",
        ].compactMap { first in
            try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT max(latest) FROM (\(first)) HAVING count(*) = ?"),
                arguments: [rows + 1, rows + 1])
        }
        let protected = now.advanced(by: Span(milliseconds: -EventJournal.protected.milliseconds)).milliseconds
        // A row at the end itself must go, or many of one moment would never.
        return ends.reduce(protected) { min($0, $1 + 1) }
    }

    private mutating func pruneEvents(before: Int64, now: Timestamp) throws {
        guard
            let last = try lastExpired(
                "SELECT seq, observed, 0 FROM events ORDER BY seq LIMIT ?", rows: EventJournal.pruneRows,
                before: before, now: now, bytes: .max)
        else { return }
        try db.execute(cached: "DELETE FROM events WHERE seq <= ?", [last])
        report.events = noted(db.changesCount)
        try db.execute(cached: "UPDATE meta SET events_pruned = ?", [last])
        positions.eventsPruned = last
    }

    private mutating func pruneDeliveries(before: Int64, now: Timestamp, bytes: Int64) throws {
        guard
            let last = try lastExpired(
                "SELECT id, observed, length(body) FROM deliveries ORDER BY id LIMIT ?",
                rows: EventJournal.pruneRows, before: before, now: now, bytes: bytes)
        else { return }
        try db.execute(cached: "DELETE FROM deliveries WHERE id <= ?", [last])
        report.deliveries = noted(db.changesCount)
        try db.execute(cached: "UPDATE meta SET deliveries_pruned = ?", [last])
    }

    /// A delivery that told nothing is known as long as the events beside it, which may outlive it: that something is
    /// missing is then known, too.
    private mutating func pruneSilent() throws {
        try db.execute(
            cached: """
                DELETE FROM silent WHERE (delivery, call) IN (
                    SELECT delivery, call FROM silent WHERE delivery < min(
                        ifnull((SELECT delivery FROM events WHERE delivery IS NOT NULL ORDER BY seq LIMIT 1), ?1),
                        ifnull((SELECT min(id) FROM deliveries), ?1))
                    ORDER BY delivery LIMIT ?2)
                """, [Int64.max, EventJournal.pruneRows])
        _ = noted(db.changesCount)
    }

    /// The end of the stretch of old rows at the front, so that what is kept has no holes.
    ///
    /// A row from the future (the clock had run ahead) goes with an old one that follows it. A row that seems old
    /// behind a young one (the clock had fallen behind) stays as long as the young one.
    private mutating func lastExpired(
        _ sql: String, rows: Int, before: Int64, now: Timestamp, bytes: Int64
    ) throws -> Int64? {
        let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [rows])
        var last: Int64?
        var size: Int64 = 0
        while let row = try rows.next() {
            let observed = try row.number(at: 1)
            if observed < before {
                last = try row.number(at: 0)
            } else if observed <= now.milliseconds {
                break
            }
            size += try row.number(at: 2)
            if size >= bytes {
                if last != nil { report.moreLeft = true }
                break
            }
        }
        return last
    }

    private mutating func delete(_ sql: String, before: Int64) throws -> Int {
        try db.execute(cached: sql, [before, EventJournal.pruneRows])
        return noted(db.changesCount)
    }

    /// A step that removed as much as it may has probably not come to the end.
    private mutating func noted(_ removed: Int) -> Int {
        if removed >= EventJournal.pruneRows { report.moreLeft = true }
        return removed
    }
}
