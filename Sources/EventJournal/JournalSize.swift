import GRDB

/// How big the database is, without the write-ahead log; that is some 4 MiB, and is cut back to 64 MiB where a reader
/// made it grow.
struct JournalSize {
    let pageSize: Int64
    let pages: Int64
    /// Pages that are in the file but hold nothing; they are filled before the file grows.
    let freePages: Int64

    init(_ db: Database) throws {
        pageSize = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
        pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        freePages = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
    }

    var used: Int64 { (pages - freePages) * pageSize }
    var file: Int64 { pages * pageSize }
}
