import CallModel
import FoundationEssentials
import GRDB

/// Writes one batch inside the transaction it is given, and collects the lines that become readable with it.
struct BatchWriter {
    let db: Database
    let epoch: String
    /// As they will be once the transaction is committed.
    private(set) var positions: JournalPositions
    private(set) var lines: [StreamLine] = []

    private static let encoder = EventEncoder(numbers: .clear)

    init(db: Database, epoch: String, positions: JournalPositions) {
        self.db = db
        self.epoch = epoch
        self.positions = positions
    }

    mutating func write(_ batch: JournalBatch) throws {
        for entry in batch.entries {
            let delivery =
                try entry.keepsDelivery
                ? entry.delivery.map { try write($0, unparsed: entry.unparsed) } : nil
            let observed = entry.delivery?.observed ?? batch.observed
            for fact in entry.facts {
                try db.execute(
                    cached: "INSERT INTO facts (id, observed) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    [fact.rawValue.storable, observed.milliseconds]
                )
            }
            var told: Set<String> = []
            for draft in entry.drafts where try write(draft, delivery: delivery) { told.insert(draft.subject) }
            if let delivery {
                for call in entry.calls.map(\.rawValue).sorted() where !told.contains(call) {
                    try db.execute(
                        cached: "INSERT INTO silent (delivery, call) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        [delivery, call.storable])
                }
            }
            if let cursor = entry.cursor, let source = entry.delivery?.source {
                try write(cursor, of: source, observed: observed)
            }
        }
        for call in batch.calls {
            try write(call)
        }
        if let state = batch.trackerState {
            try db.execute(
                cached: """
                    INSERT INTO tracker (id, state) VALUES (1, ?)
                    ON CONFLICT (id) DO UPDATE SET state = excluded.state
                    """,
                [state.data]
            )
        }
    }

    private mutating func write(_ delivery: Delivery, unparsed: Bool) throws -> Int64 {
        let id = positions.lastDelivery + 1
        try db.execute(
            cached: """
                INSERT INTO deliveries (id, observed, source, kind, unparsed, attributes, body)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            [
                id, delivery.observed.milliseconds, delivery.source.description.storable, delivery.kind.rawValue,
                unparsed ? 1 : 0, StoredDelivery.encode(delivery.attributes)?.data, delivery.body.data,
            ]
        )
        positions.lastDelivery = id
        return id
    }

    /// An event whose id is known already is left out, and its place goes to the next one; false then.
    private mutating func write(_ draft: EventDraft, delivery: Int64?) throws -> Bool {
        let seq = positions.head + 1
        let event = Event(cursor: Cursor(epoch: epoch, seq: seq), draft: draft)
        let bytes = Self.encoder.line(event)
        let latest = max(positions.latestObserved, draft.observed.milliseconds)
        var call: CallData?
        if case .call(let data) = draft.data { call = data }
        try db.execute(
            cached: """
                INSERT INTO events (seq, id, observed, latest, delivery, type, source, subject, direction, line,
                    line_number, line_raw, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
                """,
            [
                seq, draft.id.rawValue.storable, draft.observed.milliseconds, latest, delivery, draft.type.rawValue,
                draft.source.description.storable, draft.subject.storable, call?.direction.rawValue,
                call?.local?.line?.storable, call?.local?.number?.storable, call?.local?.raw?.storable, bytes.data,
            ]
        )
        guard db.changesCount > 0 else { return false }
        positions.head = seq
        positions.latestObserved = latest
        lines.append(StreamLine(seq: seq, event: event, type: draft.type.rawValue, bytes: bytes))
        return true
    }

    private func write(_ cursor: PollCursor, of source: SourceName, observed: Timestamp) throws {
        guard !cursor.isForgotten else {
            return try db.execute(
                cached: "DELETE FROM cursors WHERE source = ? AND slot = ?",
                [source.description.storable, cursor.slot.storable])
        }
        try db.execute(
            cached: """
                INSERT INTO cursors (source, slot, value, observed, heard, lost_since, lost_why)
                VALUES (?1, ?2, coalesce(?3, ''), ?4, ?5, ?6, ?7)
                ON CONFLICT (source, slot) DO UPDATE SET value = coalesce(?3, value), observed = excluded.observed,
                    heard = excluded.heard, lost_since = excluded.lost_since, lost_why = excluded.lost_why
                """,
            [
                source.description.storable, cursor.slot.storable, cursor.value?.storable, observed.milliseconds,
                cursor.memory?.heard?.milliseconds, cursor.memory?.loss?.since.milliseconds,
                cursor.memory?.loss?.reason.storable,
            ]
        )
    }

    private func write(_ call: StoredCall) throws {
        try db.execute(
            cached: """
                INSERT INTO calls (id, source, state, direction, outcome, remote_number, local_number, line, session,
                    started, updated, ended, json, tracked)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET source = excluded.source, state = excluded.state,
                    direction = excluded.direction, outcome = excluded.outcome,
                    remote_number = excluded.remote_number, local_number = excluded.local_number,
                    line = excluded.line, session = excluded.session, started = excluded.started,
                    updated = excluded.updated, ended = excluded.ended, json = excluded.json,
                    tracked = excluded.tracked
                """,
            [
                call.id.rawValue.storable, call.source.description.storable, call.state.rawValue,
                call.direction.rawValue, call.outcome?.rawValue, call.remoteNumber?.storable,
                call.localNumber?.storable, call.line?.storable, call.session?.storable, call.started.milliseconds,
                call.updated.milliseconds, call.ended?.milliseconds, call.json.data, call.tracked?.data,
            ]
        )
    }
}
