import GRDB
import Glibc

/// Creates and opens the database file.
enum JournalFile {
    /// `CTIB`: what tells a journal from another program's SQLite file. At offset 68 of the file, big endian (SQLite,
    /// Database File Format, section 1.3).
    static let applicationID: UInt32 = 0x4354_4942

    /// Readers at the same time; more wait for one of them.
    static let maximumReaders = 4

    static let ownerOnly: mode_t = 0o600

    private static let headerLength = 100
    private static let magic = Array("SQLite format 3\0".utf8)

    /// Makes sure there is a file that SQLite may be let at: an empty one, or a journal.
    ///
    /// Only the owner may read it, 0600: it holds everything that providers said, numbers in the clear, and readers of
    /// the masked socket may share our group. A journal that others could read, and the `-wal` and `-shm` files beside
    /// it, are closed to them; SQLite gives new ones the mode of the database.
    static func prepare(_ path: String) throws(JournalError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, ownerOnly)
        guard descriptor >= 0 else {
            throw JournalError(.notPermitted, path: path, detail: String(cString: strerror(errno)))
        }
        defer { Glibc.close(descriptor) }
        var header = [UInt8](repeating: 0, count: headerLength)
        let count = pread(descriptor, &header, header.count, 0)
        guard count >= 0 else {
            throw JournalError(.inputOutput, path: path, detail: String(cString: strerror(errno)))
        }
        if count == 0 {
            guard fchmod(descriptor, ownerOnly) == 0 else {
                throw JournalError(.notPermitted, path: path, detail: String(cString: strerror(errno)))
            }
            return
        }
        guard count == headerLength, header.starts(with: magic) else {
            throw JournalError(.notAJournal, path: path, detail: "it does not begin like an SQLite database")
        }
        let found = header[68..<72].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard found == applicationID else {
            throw JournalError(.notAJournal, path: path, detail: "it is the SQLite database of another program")
        }
        for file in [path, path + "-wal", path + "-shm"] {
            var status = stat()
            guard stat(file, &status) == 0, status.st_mode & 0o077 != 0 else { continue }
            // Fails where the file is somebody else's, who then decides.
            _ = chmod(file, ownerOnly)
        }
    }

    static func open(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "journal"
        configuration.maximumReaderCount = maximumReaders
        configuration.persistentReadOnlyConnections = true
        configuration.foreignKeysEnabled = false
        // Nobody else should have the file open; a person with the sqlite3 program may for a moment.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192")
            guard !db.configuration.readonly, try Int64.fetchOne(db, sql: "PRAGMA page_count") == 0 else { return }
            // Before WAL mode, so that both are in the file itself from its first byte on.
            try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = \(applicationID)")
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        // Only now: opening the pool has set it to NORMAL, with which a loss of power loses acknowledged deliveries.
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864")
        }
        return pool
    }
}
