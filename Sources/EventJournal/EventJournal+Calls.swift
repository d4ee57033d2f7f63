package import CallModel
import FoundationEssentials
import GRDB

/// Any thread.
extension EventJournal {
    /// The calls that `query` asks for, the latest started first.
    package func calls(_ query: CallQuery) throws(JournalError) -> [StoredCall] {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func add(_ condition: String, _ values: [(any DatabaseValueConvertible)?]) {
            conditions.append(condition)
            arguments += StatementArguments(values)
        }
        func list(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }
        if !query.states.isEmpty {
            let states = Set(query.states).map(\.rawValue).sorted()
            add("state IN (\(list(states.count)))", states)
        }
        if !query.outcomes.isEmpty {
            let outcomes = Set(query.outcomes).map(\.rawValue).sorted()
            add("outcome IN (\(list(outcomes.count)))", outcomes)
        }
        if !query.numbers.isEmpty {
            let numbers = Set(query.numbers.map(\.storable)).sorted()
            let marks = list(numbers.count)
            add("(remote_number IN (\(marks)) OR local_number IN (\(marks)))", numbers + numbers)
        }
        if let since = query.since { add("started >= ?", [since.milliseconds]) }
        if let until = query.until { add("started < ?", [until.milliseconds]) }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        arguments += [min(max(query.limit, 0), CallQuery.maximumLimit)]
        let sql = "SELECT \(Self.callColumns) FROM calls \(filter) ORDER BY started DESC, rowid DESC LIMIT ?"
        return try read { db in
            let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
            var calls: [StoredCall] = []
            while let row = try rows.next() {
                calls.append(try Self.call(row))
            }
            return calls
        }
    }

    /// Nil where the journal does not know the call, or no longer: it goes with its events.
    package func call(_ id: CallID) throws(JournalError) -> StoredCall? {
        try read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(Self.callColumns) FROM calls WHERE id = ?")
            return try Row.fetchOne(statement, arguments: [id.rawValue.storable]).map(Self.call)
        }
    }

    /// What the keys of `claims` were taken for, in their order; nil for one that is free. Takes none.
    package func placements(_ claims: [PlacementClaim]) throws(JournalError) -> [PlacementVerdict?] {
        try read { db in try claims.map { try Self.verdict(on: $0, db) } }
    }

    /// For which source the first of `keys` that is known was taken.
    package func sourceOfPlacement(keys: [String]) throws(JournalError) -> SourceName? {
        try read { db in
            for key in keys {
                let source = try String.fetchOne(
                    db, sql: "SELECT source FROM placements WHERE key = ?", arguments: [key.storable])
                if let source { return SourceName(source) }
            }
            return nil
        }
    }

    /// Calls and messages that were asked for and whose answer nobody wrote down: the daemon ended in between. At
    /// most 1,000, the oldest first.
    package func unansweredPlacements() throws(JournalError) -> [PlacementClaim] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT key, fingerprint, call, source, observed, callee, caller FROM placements
                    WHERE answer IS NULL ORDER BY observed LIMIT 1000
                    """)
            return try rows.compactMap { row in
                guard let source = SourceName(try row.text(at: 3)) else { return nil }
                return PlacementClaim(
                    idempotencyKey: try row.text(at: 0), fingerprint: try row.text(at: 1),
                    call: CallID(rawValue: try row.text(at: 2)), source: source,
                    observed: Timestamp(milliseconds: row[4]), to: try row.text(at: 5), from: row[6])
            }
        }
    }

    /// The tracker's own form of every call it still remembers, in the order in which they became known.
    package func trackedCalls() throws(JournalError) -> [[UInt8]] {
        try read { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT tracked FROM calls WHERE tracked IS NOT NULL ORDER BY rowid"
            )
            var calls: [[UInt8]] = []
            while let row = try rows.next() {
                calls.append(try row.bytes(at: 0))
            }
            return calls
        }
    }

    private static let callColumns = """
        id, source, state, direction, outcome, remote_number, local_number, line, session, started, updated, ended, \
        json, tracked
        """

    private static func call(_ row: Row) throws -> StoredCall {
        guard let source = SourceName(try row.text(at: 1)) else { throw Row.damage(1) }
        guard let state = CallState(rawValue: try row.text(at: 2)) else { throw Row.damage(2) }
        guard let direction = Direction(rawValue: try row.text(at: 3)) else { throw Row.damage(3) }
        return StoredCall(
            id: CallID(rawValue: try row.text(at: 0)), source: source, state: state, direction: direction,
            outcome: (row[4] as String?).flatMap(Outcome.init(rawValue:)), remoteNumber: row[5], localNumber: row[6],
            line: row[7], session: row[8], started: Timestamp(milliseconds: try row.number(at: 9)),
            updated: Timestamp(milliseconds: try row.number(at: 10)),
            ended: (row[11] as Int64?).map(Timestamp.init(milliseconds:)), json: try row.bytes(at: 12),
            tracked: try row.optionalBytes(at: 13)
        )
    }
}
