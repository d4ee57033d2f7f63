import CallModel
import GRDB
import Testing

@testable import EventJournal

@Suite struct ReadingTests {
    let files: TestJournal

    init() throws {
        files = try TestJournal()
    }

    @Test func pagesJoinWithoutHoleOrRepeat() throws {
        let journal = try files.open()
        _ = try journal.commit(Sample.events(1...100))
        #expect(try journal.all(limit: 7).map(\.seq) == Array(1...100))
        let page = try journal.events(after: 40, limit: 7, filter: EventFilter())
        #expect(page.lines.map(\.seq) == Array(41...47))
        #expect(page.scannedTo == 47)
        #expect(page.missing == nil)
    }

    @Test func thePageAtTheHeadIsEmpty() throws {
        let journal = try files.open()
        _ = try journal.commit(Sample.events(1...3))
        for seq: Int64 in [3, 99, .max] {
            let page = try journal.events(after: seq, limit: 7, filter: EventFilter())
            #expect(page.lines.isEmpty)
            #expect(page.scannedTo == seq)
        }
        #expect(try journal.events(after: -5, limit: 0, filter: EventFilter()).lines.map(\.seq) == [1])
    }

    @Test func aSelectiveFilterLooksAtABoundedStretch() throws {
        let journal = try files.open()
        _ = try journal.commit(Sample.events(1...5_000))
        let rare = EventFilter(types: ["call.corrected"])
        let first = try journal.events(after: 0, limit: 10, filter: rare)
        #expect(first.lines.isEmpty)
        #expect(first.scannedTo == EventJournal.pageScan)
        #expect(try journal.events(after: first.scannedTo, limit: 10, filter: rare).scannedTo == 5_000)
    }

    @Test func aPageEndsAtItsBytes() throws {
        let journal = try files.open()
        var draft = Sample.draft(1)
        var data = Sample.callData()
        data.legs = (0..<64).map { _ in Leg(line: String(repeating: "x", count: 500), state: .ringing) }
        draft.data = .call(data)
        let event = Event(cursor: Cursor(epoch: journal.epoch, seq: 1), draft: draft)
        let count = EventJournal.pageBytes / EventEncoder().line(event).count + 10
        let drafts = (1...count).map { number in
            var copy = draft
            copy.id = EventID(rawValue: "large-\(number)")
            return copy
        }
        _ = try journal.commit(JournalBatch(entries: [.init(delivery: nil, drafts: drafts)], observed: Sample.start))
        let page = try journal.events(after: 0, limit: 1_000, filter: EventFilter())
        #expect(page.lines.count < count)
        #expect(page.scannedTo == page.lines.last?.seq)
        #expect(try journal.all(limit: count).count == count)
    }

    @Test func aTimeIsFoundByBisection() throws {
        let journal = try files.open()
        #expect(try journal.firstSeq(since: Sample.start) == nil)
        _ = try journal.commit(Sample.events(1...50))
        #expect(try journal.firstSeq(since: Timestamp(milliseconds: 0)) == 1)
        for number in 1...50 {
            #expect(try journal.firstSeq(since: Sample.time(number)) == Int64(number))
        }
        #expect(try journal.firstSeq(since: Sample.time(7).advanced(by: .milliseconds(1))) == 8)
        #expect(try journal.firstSeq(since: Sample.time(51)) == nil)
    }

    @Test func aClockThatWasSetBackHidesNothing() throws {
        var journal = try files.open()
        // The order in which they came, by the number of the second.
        let seconds = [10, 20, 5, 6, 30, 25, 31]
        for (index, second) in seconds.enumerated() {
            if index == 3 {
                journal.close()
                journal = try files.open()
            }
            _ = try journal.commit(Sample.events(second...second))
        }
        for second in 1...32 {
            let expected = seconds.firstIndex { $0 >= second }.map { Int64($0 + 1) }
            #expect(try journal.firstSeq(since: Sample.time(second)) == expected)
        }
    }

    @Test func aReaderNeitherBlocksTheWriterNorSeesItsWork() throws {
        let journal = try files.open()
        _ = try journal.commit(Sample.batch(1))
        try journal.read { db in
            #expect(try Int64.fetchOne(db, sql: "SELECT max(seq) FROM events") == 1)
            _ = try journal.commit(Sample.batch(2))
            #expect(try Int64.fetchOne(db, sql: "SELECT max(seq) FROM events") == 1)
        }
        #expect(try journal.all().map(\.seq) == [1, 2])
    }

    @Test func readersFollowTheWriter() async throws {
        let journal = try files.open()
        let last: Int64 = 120
        try await withThrowingTaskGroup(of: [Int64].self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var seen: [Int64] = []
                    var cursor: Int64 = 0
                    while cursor < last {
                        let page = try journal.events(after: cursor, limit: 16, filter: EventFilter(types: ["call.*"]))
                        seen += page.lines.map(\.seq)
                        cursor = page.scannedTo
                        await Task.yield()
                    }
                    return seen
                }
            }
            group.addTask {
                for number in 1...Int(last) {
                    _ = try journal.commit(Sample.batch(number))
                    await Task.yield()
                }
                return Array(1...last)
            }
            for try await seen in group { #expect(seen == Array(1...last)) }
        }
    }
}
