package import CallModel
import GRDB
import Synchronization

/// Called by the journal thread only, except for placements.
extension EventJournal {
    /// Those of `facts` that the journal does not know.
    package func unknown(_ facts: [FactID]) throws(JournalError) -> Set<FactID> {
        guard !facts.isEmpty else { return [] }
        return try write { db in
            let statement = try db.cachedStatement(sql: "SELECT 1 FROM facts WHERE id = ?")
            var unknown: Set<FactID> = []
            for fact in facts where try Int64.fetchOne(statement, arguments: [fact.rawValue.storable]) == nil {
                unknown.insert(fact)
            }
            return unknown
        }
    }

    /// Makes a batch durable and gives its events their places: one transaction, one sync to the disk.
    ///
    /// Returns the lines of the new events in ascending order of `seq`, each with its event; those whose id is in the
    /// journal already are left out and take no place. When this throws, nothing of the batch is kept, and the
    /// journal goes on working; after a lack of space, as soon as there is space again.
    package func commit(_ batch: JournalBatch) throws(JournalError) -> [StreamLine] {
        if batch.entries.isEmpty, batch.calls.isEmpty, batch.trackerState == nil { return [] }
        return try write { db in
            var writer = BatchWriter(db: db, epoch: epoch, positions: positions.withLock { $0 })
            try db.inTransaction(.immediate) {
                try writer.write(batch)
                return .commit
            }
            positions.withLock { $0 = writer.positions }
            return writer.lines
        }
    }

    /// Takes the keys of placements, durably before this returns, or says what they were taken for: all that are new
    /// are taken, or none, where something fails and where a key stands for another request. In the order of `claims`.
    /// Any thread; waits for the disk.
    package func claimPlacements(_ claims: [PlacementClaim]) throws(JournalError) -> [PlacementVerdict] {
        try write { db in
            var verdicts: [PlacementVerdict] = []
            try db.inTransaction(.immediate) {
                for claim in claims {
                    let verdict = try Self.take(claim, db)
                    verdicts.append(verdict)
                    if case .known(_, sameRequest: false, _) = verdict { return .rollback }
                }
                return .commit
            }
            return verdicts
        }
    }

    private static func take(_ claim: PlacementClaim, _ db: Database) throws -> PlacementVerdict {
        let key = claim.idempotencyKey.storable
        try db.execute(
            cached: """
                INSERT INTO placements (key, fingerprint, call, source, observed, callee, caller, answer)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
            [
                key, claim.fingerprint.storable, claim.call.rawValue.storable, claim.source.description.storable,
                claim.observed.milliseconds, claim.to.storable, claim.from?.storable,
                claim.waits ? waiting : nil,
            ]
        )
        if db.changesCount > 0 { return .new }
        guard let known = try verdict(on: claim, db) else { throw Row.damage(0) }
        return known
    }

    /// Nil where the key is not taken.
    static func verdict(on claim: PlacementClaim, _ db: Database) throws -> PlacementVerdict? {
        let known = try Row.fetchOne(
            db, sql: "SELECT call, fingerprint, source, answer, status, detail FROM placements WHERE key = ?",
            arguments: [claim.idempotencyKey.storable]
        )
        guard let known else { return nil }
        let isSame =
            try known.text(at: 1) == claim.fingerprint.storable
            && known.text(at: 2) == claim.source.description.storable
        return .known(
            call: CallID(rawValue: try known.text(at: 0)), sameRequest: isSame, answer: answer(in: known))
    }

    /// What stands for the answer while an order waits: then nobody was asked.
    static let waiting = "waiting"

    /// Whether an order that is not answered waits for its turn, or has had it: its provider is asked now. Any thread;
    /// durable before this returns.
    package func markPlacement(of claimed: CallID, waits: Bool) throws(JournalError) {
        try transaction { db in
            try db.execute(
                cached: "UPDATE placements SET answer = ? WHERE call = ? AND (answer IS NULL OR answer = ?)",
                [waits ? Self.waiting : nil, claimed.rawValue.storable, Self.waiting])
        }
    }

    /// Lets go of the keys of all orders that wait: the run that they waited in has ended, and nobody was asked.
    package func withdrawWaitingPlacements() throws(JournalError) {
        try transaction { db in
            try db.execute(cached: "DELETE FROM placements WHERE answer = ?", [Self.waiting])
        }
    }

    /// Writes down how a placement came out, under the id by which the call is known: another than was claimed where
    /// a notification of it was faster than the answer. Any thread; waits for the disk.
    package func settlePlacement(
        of claimed: CallID, as call: CallID, _ answer: PlacementAnswer
    ) throws(JournalError) {
        var word = "unknown"
        var status: Int?
        var detail: String?
        switch answer {
        case .waiting: word = Self.waiting
        case .accepted: word = "accepted"
        case .refused(let code, let text): (word, status, detail) = ("refused", code, text)
        case .unfit(let text): (word, detail) = ("unfit", text)
        case .unreachable(let text): (word, detail) = ("unreachable", text)
        case .unknown: break
        }
        try transaction { db in
            try db.execute(
                cached: "UPDATE placements SET call = ?, answer = ?, status = ?, detail = ? WHERE call = ?",
                [call.rawValue.storable, word, status, detail?.storable, claimed.rawValue.storable])
        }
    }

    /// Lets go of the key of something that nobody was asked for: the same request may come again. Any thread; waits
    /// for the disk.
    package func withdrawPlacement(of claimed: CallID) throws(JournalError) {
        try transaction { db in
            try db.execute(
                cached: "DELETE FROM placements WHERE call = ? AND (answer IS NULL OR answer = ?)",
                [claimed.rawValue.storable, Self.waiting])
        }
    }

    private static func answer(in row: Row) -> PlacementAnswer? {
        switch row[3] as String? {
        case waiting: .waiting
        case "accepted": .accepted
        case "refused": .refused(status: row[4], text: row[5] ?? "")
        case "unfit": .unfit(row[5] ?? "")
        case "unreachable": .unreachable(row[5] ?? "")
        case "unknown": .unknown
        default: nil
        }
    }
}
