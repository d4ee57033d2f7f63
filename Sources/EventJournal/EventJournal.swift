package import CallModel
import GRDB
import Synchronization

/// The durable record of everything the daemon was told and has said: raw deliveries, events, calls, and where its
/// pollers and its tracker go on after a restart.
///
/// One SQLite file in WAL mode with `synchronous=FULL`: what `commit` returned survives the loss of power. One thread
/// commits; any number read, each from a connection and a snapshot of its own, so that no reader holds the writer up.
package final class EventJournal: Sendable {
    package let path: String
    /// Names this journal: 16 random hexadecimal digits, fixed when the file was created.
    package let epoch: String

    let pool: DatabasePool
    let positions: Mutex<JournalPositions>
    private let lock: JournalLock
    /// Only looked at and changed on the writing connection, which puts all in order.
    private let isClosed = Atomic(false)

    /// Opens the journal, or creates it with file mode 0600.
    ///
    /// Throws where another process has it open, where it cannot be written, and where the file is damaged, foreign or
    /// of a newer version; nothing is changed then.
    package init(path: String, now: Timestamp) throws(JournalError) {
        let lock = try JournalLock(journal: path)
        try JournalFile.prepare(path)
        do {
            let pool = try JournalFile.open(path)
            let opened = try JournalSchema.install(in: pool, path: path, now: now)
            self.path = path
            self.epoch = opened.epoch
            self.pool = pool
            self.positions = Mutex(opened.positions)
            self.lock = lock
        } catch {
            throw JournalError(error, path: path)
        }
    }

    deinit {
        close()
    }

    /// Closes the file and lets others open it. Whatever is asked afterwards fails with `JournalError.Kind.closed`.
    package func close() {
        let isFirst = pool.writeWithoutTransaction { db in
            guard isClosed.exchange(true, ordering: .relaxed) == false else { return false }
            // GRDB closes its readers last, and a reader cannot empty the log: done here, the file is whole without
            // it. Where this fails the log stays, and the next opening reads it.
            _ = try? db.checkpoint(.truncate)
            return true
        }
        guard isFirst else { return }
        try? pool.close()
        lock.release()
    }

    /// The `seq` of the last durable event; 0 where there has never been one. Never goes down.
    package var head: Int64 { positions.withLock { $0.head } }

    /// The `seq` of the oldest kept event; `head + 1` where none is kept.
    package var oldest: Int64 { positions.withLock { $0.eventsPruned + 1 } }

    // MARK: - Connections

    /// Runs `body` on the writing connection, on the calling thread.
    func write<T>(_ body: (Database) throws -> T) throws(JournalError) -> T {
        do {
            return try pool.writeWithoutTransaction { db in
                // SQLite must not be handed a closed connection.
                guard !isClosed.load(ordering: .relaxed) else {
                    throw JournalError(.closed, path: path, detail: "nothing can be written")
                }
                return try body(db)
            }
        } catch {
            throw JournalError(error, path: path)
        }
    }

    /// Runs `body` in one transaction on the writing connection: all of it becomes durable, or nothing.
    func transaction<T>(_ body: (Database) throws -> T) throws(JournalError) -> T {
        try write { db in
            var result: T?
            try db.inTransaction(.immediate) {
                result = try body(db)
                return .commit
            }
            guard let result else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
            return result
        }
    }

    /// Runs `body` on one snapshot, on the calling thread.
    func read<T>(_ body: (Database) throws -> T) throws(JournalError) -> T {
        do {
            return try pool.read(body)
        } catch {
            throw JournalError(error, path: path)
        }
    }
}
