import CallModel
import GRDB

/// The tables, and the steps from older ones to them.
///
/// A step is never changed once released. A file in which a step was taken that is not known here comes from a newer
/// version and is refused.
enum JournalSchema {
    struct Opened {
        var epoch: String
        var positions: JournalPositions
    }

    static func install(in pool: DatabasePool, path: String, now: Timestamp) throws -> Opened {
        let migrator = migrator(now: now)
        if try pool.read(migrator.hasBeenSuperseded) {
            let applied = try pool.read(migrator.appliedMigrations).last ?? "unknown"
            throw JournalError(.newer, path: path, detail: "its tables are past \(applied)")
        }
        try migrator.migrate(pool)
        return try pool.writeWithoutTransaction { db in
            var opened: Opened?
            // A transaction that could write: a file that cannot be written is found out now.
            try db.inTransaction(.immediate) {
                opened = try load(db)
                return .commit
            }
            guard let opened else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "no epoch") }
            return opened
        }
    }

    private static func load(_ db: Database) throws -> Opened? {
        let meta = try Row.fetchOne(db, sql: "SELECT epoch, events_pruned, deliveries_pruned FROM meta WHERE id = 1")
        guard let meta, let epoch = meta[0] as String?, let eventsPruned = meta[1] as Int64?,
            let deliveriesPruned = meta[2] as Int64?
        else { return nil }
        let last = try Row.fetchOne(db, sql: "SELECT seq, latest FROM events ORDER BY seq DESC LIMIT 1")
        let lastDelivery = try Int64.fetchOne(db, sql: "SELECT id FROM deliveries ORDER BY id DESC LIMIT 1")
        let positions = JournalPositions(
            head: max(last?[0] as Int64? ?? 0, eventsPruned),
            eventsPruned: eventsPruned,
            lastDelivery: max(lastDelivery ?? 0, deliveriesPruned),
            latestObserved: last?[1] as Int64? ?? .min
        )
        return Opened(epoch: epoch, positions: positions)
    }

    private static func migrator(now: Timestamp) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 journal") { db in
            try db.execute(sql: version1)
            let hex = String(UInt64.random(in: .min ... .max), radix: 16)
            let epoch = String(repeating: "0", count: 16 - hex.count) + hex
            try db.execute(
                sql: "INSERT INTO meta (id, epoch, created, events_pruned, deliveries_pruned) VALUES (1, ?, ?, 0, 0)",
                arguments: [epoch, now.milliseconds]
            )
        }
        migrator.registerMigration("2 reader sessions") { db in try db.execute(sql: version2) }
        migrator.registerMigration("3 why readers left") { db in
            try db.execute(sql: "ALTER TABLE sessions ADD COLUMN left_for TEXT")
        }
        migrator.registerMigration("4 what pollers missed") { db in try db.execute(sql: version4) }
        migrator.registerMigration("5 deliveries that told nothing") { db in try db.execute(sql: version5) }
        return migrator
    }

    /// What a poller has to tell once it is heard of again, and which sources are said to be heard.
    private static let version4 = """
        ALTER TABLE cursors ADD COLUMN heard INTEGER;
        ALTER TABLE cursors ADD COLUMN lost_since INTEGER;
        ALTER TABLE cursors ADD COLUMN lost_why TEXT;
        CREATE INDEX events_health ON events (source, seq)
            WHERE type IN ('source.up', 'source.down', 'source.degraded');
        """

    /// Who read the stream. `seq_after` and `seq_through` bound the events a reader was handed or had filtered out.
    private static let version2 = """
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY,
            socket TEXT NOT NULL,
            uid INTEGER,
            pid INTEGER,
            token TEXT,
            numbers TEXT NOT NULL,
            types TEXT,
            source TEXT,
            line TEXT,
            direction TEXT,
            since INTEGER NOT NULL,
            until INTEGER NOT NULL,
            seq_after INTEGER NOT NULL,
            seq_through INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sessions_since ON sessions (since);
        """

    /// Which deliveries a call took in that told no event of it. Those that did are known by `events.delivery`.
    private static let version5 = """
        CREATE TABLE silent (
            delivery INTEGER NOT NULL,
            call TEXT NOT NULL,
            PRIMARY KEY (delivery, call)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX silent_call ON silent (call);
        """

    /// Times are milliseconds since 1970. `events.seq` and `deliveries.id` are given out by us; the `…_pruned` columns
    /// keep both from being given out again once the last rows are gone.
    private static let version1 = """
        CREATE TABLE meta (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            epoch TEXT NOT NULL,
            created INTEGER NOT NULL,
            events_pruned INTEGER NOT NULL,
            deliveries_pruned INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY,
            observed INTEGER NOT NULL,
            source TEXT NOT NULL,
            kind TEXT NOT NULL,
            unparsed INTEGER NOT NULL,
            attributes BLOB,
            body BLOB NOT NULL
        ) STRICT;

        CREATE TABLE facts (
            id TEXT PRIMARY KEY,
            observed INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX facts_observed ON facts (observed);

        CREATE TABLE events (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            observed INTEGER NOT NULL,
            latest INTEGER NOT NULL,
            delivery INTEGER,
            type TEXT NOT NULL,
            source TEXT NOT NULL,
            subject TEXT NOT NULL,
            direction TEXT,
            line TEXT,
            line_number TEXT,
            line_raw TEXT,
            body BLOB NOT NULL
        ) STRICT;
        CREATE INDEX events_subject ON events (subject);

        CREATE TABLE calls (
            id TEXT NOT NULL UNIQUE,
            source TEXT NOT NULL,
            state TEXT NOT NULL,
            direction TEXT NOT NULL,
            outcome TEXT,
            remote_number TEXT,
            local_number TEXT,
            line TEXT,
            session TEXT,
            started INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            ended INTEGER,
            json BLOB NOT NULL,
            tracked BLOB
        ) STRICT;
        CREATE INDEX calls_started ON calls (started);
        CREATE INDEX calls_outcome ON calls (outcome, started) WHERE outcome IS NOT NULL;
        CREATE INDEX calls_remote ON calls (remote_number, started) WHERE remote_number IS NOT NULL;
        CREATE INDEX calls_local ON calls (local_number, started) WHERE local_number IS NOT NULL;
        CREATE INDEX calls_live ON calls (started) WHERE state <> 'ended';
        CREATE INDEX calls_tracked ON calls (started) WHERE tracked IS NOT NULL;

        CREATE TABLE cursors (
            source TEXT NOT NULL,
            slot TEXT NOT NULL,
            value TEXT NOT NULL,
            observed INTEGER NOT NULL,
            PRIMARY KEY (source, slot)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE tracker (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            state BLOB NOT NULL
        ) STRICT;

        CREATE TABLE placements (
            key TEXT PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            call TEXT NOT NULL,
            source TEXT NOT NULL,
            observed INTEGER NOT NULL,
            callee TEXT NOT NULL,
            caller TEXT,
            answer TEXT,
            status INTEGER,
            detail TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX placements_observed ON placements (observed);
        """
}
