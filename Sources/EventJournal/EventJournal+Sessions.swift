package import CallModel
import GRDB

/// Who read what, for `explain`.
extension EventJournal {
    /// Stays that are kept at most; the oldest go first. A reader that reconnects in a tight loop fills no disk.
    package static let maximumSessions = 20_000
    /// Stays that one question gets, at most; the latest.
    package static let maximumSessionsRead = 200

    /// Writes down stays as they are now. Called by the journal thread only, with its heartbeat.
    package func record(_ sessions: [ReaderSession], now: Timestamp) throws(JournalError) {
        guard !sessions.isEmpty else { return }
        try transaction { db in
            for session in sessions {
                let filter = session.filter
                try db.execute(
                    cached: """
                        INSERT INTO sessions (id, socket, uid, pid, token, numbers, types, source, line, direction, since,
                            until, seq_after, seq_through, left_for)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (id) DO UPDATE SET until = excluded.until, seq_through = excluded.seq_through,
                            left_for = excluded.left_for
                        """,
                    [
                        session.id.storable, session.socket.storable, session.uid.map { Int64($0) },
                        session.pid.map { Int64($0) }, session.token?.storable, session.numbers,
                        filter.types.isEmpty ? nil : filter.types.joined(separator: ",").storable,
                        filter.source?.storable, filter.line?.storable, filter.direction?.rawValue,
                        session.since.milliseconds, (session.until ?? now).milliseconds, session.after,
                        session.through, session.left?.rawValue,
                    ])
            }
        }
    }

    /// The stays that touch a stretch of time or of the stream, the latest first. `until` is never nil here.
    package func sessions(
        from: Timestamp, to: Timestamp, seqs: ClosedRange<Int64>?
    ) throws(JournalError) -> [ReaderSession] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, socket, uid, pid, token, numbers, types, source, line, direction, since, until, seq_after,
                        seq_through, left_for
                    FROM sessions WHERE (since <= ? AND until >= ?) OR (seq_after < ? AND seq_through >= ?)
                    ORDER BY since DESC LIMIT ?
                    """,
                arguments: [
                    to.milliseconds, from.milliseconds, seqs?.upperBound ?? 0, seqs?.lowerBound ?? .max,
                    Self.maximumSessionsRead,
                ])
            return try rows.map { row in
                ReaderSession(
                    id: try row.text(at: 0), socket: try row.text(at: 1),
                    uid: (row[2] as Int64?).flatMap { UInt32(exactly: $0) },
                    pid: (row[3] as Int64?).flatMap { Int32(exactly: $0) }, token: row[4],
                    numbers: try row.text(at: 5),
                    filter: EventFilter(
                        types: (row[6] as String?)?.split(separator: ",").map(String.init) ?? [], source: row[7],
                        line: row[8], direction: (row[9] as String?).flatMap(Direction.init(rawValue:))),
                    since: Timestamp(milliseconds: try row.number(at: 10)),
                    until: Timestamp(milliseconds: try row.number(at: 11)), after: try row.number(at: 12),
                    through: try row.number(at: 13),
                    left: (row[14] as String?).flatMap(ReaderSession.Leaving.init(rawValue:)))
            }
        }
    }

    /// Each event of the call with those of the filters that admit it.
    package func events(
        of call: CallID, admittedBy filters: [EventFilter]
    ) throws(JournalError) -> [(seq: Int64, id: String, type: String, observed: Timestamp, admitted: [Bool])] {
        try read { db in
            let filters = filters.map(StoredEventFilter.init)
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: """
                        SELECT seq, id, observed, \(StoredEventFilter.columns) FROM events WHERE subject = ?
                        ORDER BY seq LIMIT ?
                        """),
                arguments: [call.rawValue.storable, Self.maximumHistoryEvents])
            var events: [(seq: Int64, id: String, type: String, observed: Timestamp, admitted: [Bool])] = []
            while let row = try rows.next() {
                events.append(
                    (
                        try row.number(at: 0), try row.text(at: 1), try row.text(at: 3),
                        Timestamp(milliseconds: try row.number(at: 2)),
                        try filters.map { try $0.admits(row, columnsAt: 3) }
                    ))
            }
            return events
        }
    }
}
