import CallModel
import EventJournal
import Testing

@Suite struct AppendTests {
    let files: TestJournal

    init() throws {
        files = try TestJournal()
    }

    @Test func aNewJournalIsEmpty() throws {
        let journal = try files.open()
        #expect(journal.head == 0)
        #expect(journal.oldest == 1)
        #expect(journal.epoch.utf8.count == 16)
        #expect(journal.epoch.allSatisfy { $0.isHexDigit })
        #expect(try journal.events(after: 0, limit: 10, filter: EventFilter()).lines.isEmpty)
        #expect(try journal.firstSeq(since: Timestamp(milliseconds: 0)) == nil)
        #expect(try journal.trackerState() == nil)
    }

    @Test func placesAreGivenOutWithoutHolesAcrossReopening() throws {
        var epochs: Set<String> = []
        for round in 0..<3 {
            let journal = try files.open()
            epochs.insert(journal.epoch)
            for number in round * 4 + 1...round * 4 + 4 {
                let lines = try journal.commit(Sample.batch(number))
                #expect(lines.map(\.seq) == [Int64(number)])
                #expect(journal.head == Int64(number))
            }
            journal.close()
        }
        let journal = try files.open()
        epochs.insert(journal.epoch)
        #expect(epochs.count == 1)
        #expect(journal.head == 12)
        #expect(try journal.all().map(\.seq) == Array(1...12))
    }

    @Test func aLineReadBackIsTheLineThatWasCommitted() throws {
        let journal = try files.open()
        let committed = try #require(try journal.commit(Sample.batch(1)).first)
        let read = try #require(try journal.all().first)
        #expect(read.bytes == committed.bytes)
        #expect(read.type == "call.ringing")
        #expect(read.event == nil)
        let event = try #require(committed.event)
        #expect(event.cursor == Cursor(epoch: journal.epoch, seq: 1))
        #expect(EventEncoder(numbers: .clear).line(event) == read.bytes)
        #expect(read.bytes.last == UInt8(ascii: "\n"))
    }

    @Test func anEventOfAKnownIDIsLeftOutAndTakesNoPlace() throws {
        let journal = try files.open()
        let drafts = [Sample.draft(1), Sample.draft(1), Sample.draft(2)]
        var batch = JournalBatch(entries: [.init(delivery: nil, drafts: drafts)], observed: Sample.start)
        #expect(try journal.commit(batch).map(\.seq) == [1, 2])
        batch.entries[0].drafts = [Sample.draft(2), Sample.draft(3), Sample.draft(1), Sample.draft(4)]
        let lines = try journal.commit(batch)
        #expect(lines.map(\.seq) == [3, 4])
        #expect(lines.map(\.event?.draft.id.rawValue) == ["event-3", "event-4"])
        #expect(try journal.all().map(\.seq) == [1, 2, 3, 4])
    }

    @Test func factsAreKnownOnceCommitted() throws {
        let journal = try files.open()
        let ids = (1...3).map { FactID(rawValue: "fact-\($0)") }
        #expect(try journal.unknown(ids) == Set(ids))
        _ = try journal.commit(Sample.batch(2))
        #expect(try journal.unknown(ids) == [ids[0], ids[2]])
        // The same fact again is no error.
        var batch = Sample.batch(2)
        batch.entries[0].drafts = []
        #expect(try journal.commit(batch).isEmpty)
        #expect(try journal.unknown([]).isEmpty)
    }

    /// What a poller missed is stored beside where it goes on, and each of them without the other.
    @Test func whatAPollerMissedIsKept() throws {
        let journal = try files.open()
        func store(_ cursor: PollCursor) throws -> PollCursor? {
            var batch = JournalBatch(observed: Sample.batch(1).observed)
            let time = batch.observed
            batch.entries = [.init(delivery: .carrier(of: Sample.paris, observed: time), cursor: cursor)]
            _ = try journal.commit(batch)
            var stored = try journal.cursors(of: Sample.paris).first { $0.slot == cursor.slot }
            #expect(stored == nil || stored?.arrived == time)
            stored?.arrived = nil
            return stored
        }
        let heard = Timestamp(milliseconds: 1_767_603_600_000)
        let lost = PollMemory(heard: heard).losing("cut off", at: heard)
        #expect(
            try store(PollCursor(slot: "0", value: nil, memory: PollMemory(heard: heard)))
                == PollCursor(slot: "0", value: "", memory: PollMemory(heard: heard)))
        #expect(try store(PollCursor(slot: "0", value: "s")) == PollCursor(slot: "0", value: "s"))
        #expect(
            try store(PollCursor(slot: "0", value: nil, memory: lost))
                == PollCursor(slot: "0", value: "s", memory: lost))
        #expect(
            try store(PollCursor(slot: "1", value: nil, memory: PollMemory().losing("never", at: heard)))
                == PollCursor(slot: "1", value: "", memory: PollMemory().losing("never", at: heard)))
        #expect(try store(.forgotten("0")) == nil)
        #expect(try journal.cursors(of: Sample.paris).map(\.slot) == ["1"])
    }

    @Test func cursorsAndTrackerStateAreReplaced() throws {
        var journal = try files.open()
        for number in 1...3 {
            var batch = Sample.batch(number)
            batch.trackerState = [UInt8(number), 0, 255]
            _ = try journal.commit(batch)
        }
        var other = Sample.batch(4)
        other.entries[0].cursor = PollCursor(slot: "1", value: "x")
        _ = try journal.commit(other)
        journal.close()
        journal = try files.open()
        #expect(
            try journal.cursors(of: Sample.paris) == [
                PollCursor(slot: "0", value: "3", arrived: Sample.batch(3).entries[0].delivery?.observed),
                PollCursor(slot: "1", value: "x", arrived: other.entries[0].delivery?.observed),
            ]
        )
        #expect(try journal.cursors(of: SourceName(provider: "ovh", name: "lyon")).isEmpty)
        #expect(try journal.trackerState() == [3, 0, 255])
    }

    @Test func hostileTextsAreStored() throws {
        let journal = try files.open()
        var draft = Sample.draft(1)
        draft.subject = "a\0b"
        var data = Sample.callData()
        data.local?.raw = "12\0" + "34"
        draft.data = .call(data)
        let entry = JournalBatch.Entry(delivery: Sample.delivery(1, body: [0, 255, 0]), drafts: [draft])
        _ = try journal.commit(JournalBatch(entries: [entry], observed: Sample.start))
        #expect(try journal.all().count == 1)
        #expect(try journal.all(filter: EventFilter(line: "12")).isEmpty)
        #expect(try journal.history(of: CallID(rawValue: "a\0b")).first?.delivery?.body == [0, 255, 0])
    }
}
