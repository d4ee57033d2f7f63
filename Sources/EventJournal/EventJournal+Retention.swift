package import CallModel
import GRDB
import Synchronization

extension EventJournal {
    /// Rows one call of `prune` removes of each kind, at most: some 20 ms of work, so that deliveries are not held up.
    package static let pruneRows = 1_000
    /// What is younger is never removed for its size. Where that alone is more than the journal may have, the journal
    /// is bigger than it may be.
    package static let protected = Span.minutes(10)
    /// A call of `prune` removes no further raw deliveries once their bodies have this many bytes.
    package static let pruneBytes: Int64 = 8 << 20
    /// Empty pages one call of `prune` gives back to the file system, at most.
    package static let vacuumPages = 256

    /// Removes a bounded piece of what `limits` no longer cover. Called by the journal thread only.
    ///
    /// To be called again while `PruneReport.moreLeft`, with commits in between. Events keep their `seq`, and `head`
    /// stays where it is. A call that the tracker remembers is never removed, however old.
    package func prune(_ limits: RetentionLimits, now: Timestamp) throws(JournalError) -> PruneReport {
        return try write { db in
            let size = try JournalSize(db)
            var pruner = Pruner(db: db, positions: positions.withLock { $0 })
            try db.inTransaction(.immediate) {
                try pruner.prune(limits, now: now, size: size.used)
                return .commit
            }
            positions.withLock { $0 = pruner.positions }
            var report = pruner.report
            var after = try JournalSize(db)
            if after.file > limits.maximumBytes, after.freePages > 0 {
                try db.execute(sql: "PRAGMA incremental_vacuum(\(Self.vacuumPages))")
                after = try JournalSize(db)
                if after.file > limits.maximumBytes, after.freePages > 0 { report.moreLeft = true }
            }
            report.bytesUsed = after.used
            if after.used > limits.maximumBytes, report.removed > 0 { report.moreLeft = true }
            return report
        }
    }
}
