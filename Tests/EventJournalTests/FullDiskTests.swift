import CallModel
import GRDB
import Testing

@testable import EventJournal

/// SQLite answers a full disk and a reached `max_page_count` alike: `SQLITE_FULL`.
@Suite struct FullDiskTests {
    let files: TestJournal

    init() throws {
        files = try TestJournal()
    }

    private func limitPages(_ journal: EventJournal, by more: Int64) throws {
        try journal.pool.writeWithoutTransaction { db in
            let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages + more)")
        }
    }

    @Test func aCommitThatFindsNoSpaceLeavesNothingBehind() throws {
        let journal = try files.open()
        _ = try journal.commit(Sample.batch(1))
        try limitPages(journal, by: 2)
        var large = Sample.batch(2)
        large.entries.append(
            .init(
                delivery: Sample.delivery(3, body: [UInt8](repeating: 7, count: 100_000)), drafts: [Sample.draft(3)]))
        let error = #expect(throws: JournalError.self) { try journal.commit(large) }
        #expect(error?.kind == .full)
        #expect(error?.description.contains(files.path) == true)
        #expect(journal.head == 1)
        #expect(try journal.all().map(\.seq) == [1])
        #expect(try journal.unknown([FactID(rawValue: "fact-2")]).count == 1)
        #expect(try journal.cursors(of: Sample.paris).map(\.value) == ["1"])
        #expect(try journal.call(Sample.callID(2)) == nil)

        // Still full: still an error, not a crash.
        #expect(throws: JournalError.self) { try journal.commit(large) }

        try limitPages(journal, by: 10_000)
        #expect(try journal.commit(large).map(\.seq) == [2, 3])
        #expect(try journal.history(of: Sample.callID(3)).first?.delivery?.body.count == 100_000)
        journal.close()
        #expect(try files.open().head == 3)
    }
}
