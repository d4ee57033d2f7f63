import CallModel
import EventJournal
import FoundationEssentials
import Testing

/// What a crash leaves behind is the database and a write-ahead log that ends anywhere: copies of both stand for it.
@Suite struct CrashTests {
    let files: TestJournal

    init() throws {
        files = try TestJournal()
    }

    private func reopened(log: ArraySlice<UInt8>) throws -> (copy: TestJournal, journal: EventJournal) {
        let copy = try TestJournal()
        try copy.write(try files.bytes())
        try Data(log).write(to: URL(filePath: copy.path + "-wal"))
        return (copy, try copy.open())
    }

    @Test func whatWasCommittedIsThereAfterACrash() throws {
        let journal = try files.open()
        for number in 1...20 { _ = try journal.commit(Sample.batch(number)) }
        let (copy, again) = try reopened(log: files.bytes(suffix: "-wal")[...])
        #expect(again.epoch == journal.epoch)
        #expect(again.head == 20)
        #expect(try again.all().map(\.bytes) == journal.all().map(\.bytes))
        #expect(try again.trackedCalls().count == 20)
        #expect(try again.commit(Sample.batch(21)).map(\.seq) == [21])
        withExtendedLifetime(copy) {}
    }

    @Test func aTornLogEndsBetweenTwoCommits() throws {
        let journal = try files.open()
        let before = try files.bytes(suffix: "-wal").count
        for number in 1...8 { _ = try journal.commit(Sample.batch(number)) }
        let log = try files.bytes(suffix: "-wal")
        var heads: [Int64] = []
        for step in 0...12 {
            let length = before + (log.count - before) * step / 12
            let (copy, again) = try reopened(log: log[..<length])
            let head = again.head
            heads.append(head)
            #expect(try again.all().map(\.seq) == (head == 0 ? [] : Array(1...head)))
            // All that belongs to one commit is there, or none of it.
            #expect(try again.cursors(of: Sample.paris).map(\.value) == (head == 0 ? [] : ["\(head)"]))
            #expect(try again.trackedCalls().count == Int(head))
            let facts = (1...8).map { FactID(rawValue: "fact-\($0)") }
            #expect(try again.unknown(facts) == Set(facts.suffix(8 - Int(head))))
            #expect(try again.commit(Sample.batch(100)).map(\.seq) == [head + 1])
            withExtendedLifetime(copy) {}
        }
        #expect(heads == heads.sorted())
        #expect(heads.first == 0)
        #expect(heads.last == 8)
    }
}
