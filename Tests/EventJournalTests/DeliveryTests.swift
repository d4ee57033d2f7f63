import CallModel
import EventJournal
import Testing

@Suite struct DeliveryTests {
    let files: TestJournal

    init() throws {
        files = try TestJournal()
    }

    private func commit(
        _ journal: EventJournal, _ number: Int, call: Int? = nil, silently: Int? = nil, body: Int = 4
    ) throws {
        var entry = JournalBatch.Entry(
            delivery: Sample.delivery(number, body: [UInt8](repeating: 0x61, count: body)),
            drafts: call.map { [Sample.draft(number, call: $0)] } ?? [])
        entry.keepsDelivery = true
        entry.calls = Set([call, silently].compactMap { $0.map(Sample.callID) })
        _ = try journal.commit(
            JournalBatch(
                entries: [entry], calls: call.map { [stored($0, updated: number)] } ?? [], observed: Sample.time(number)
            ))
    }

    /// Began at its number and was last changed at `updated`; alone in its session.
    private func stored(_ number: Int, updated: Int, local: String = "+33199000001") -> StoredCall {
        StoredCall(
            id: Sample.callID(number), source: Sample.paris, state: .ringing, direction: .inbound, outcome: nil,
            localNumber: local, session: "s\(number)", started: Sample.time(number), updated: Sample.time(updated),
            json: Array("{}".utf8))
    }

    private func numbers(_ deliveries: [Delivery]) -> [Int] {
        deliveries.map { Int($0.observed.since(Sample.start).milliseconds / 1_000) }
    }

    @Test func pagesEndByTheirBytesAndGoOnAfterThat() throws {
        let journal = try files.open()
        for number in 1...5 { try commit(journal, number, body: EventJournal.deliveryPageBytes / 2) }
        var (position, pages): (Int64, [[Int]]) = (0, [])
        while position < journal.lastDelivery {
            let page = try journal.deliveries(after: position, through: journal.lastDelivery, since: nil, source: nil)
            pages.append(numbers(page.deliveries))
            position = page.scannedTo
        }
        #expect(pages == [[1, 2], [3, 4], [5]])
    }

    @Test func sinceAndSourceChoose() throws {
        let journal = try files.open()
        for number in 1...5 { try commit(journal, number) }
        let last = journal.lastDelivery
        let some = try journal.deliveries(after: 0, through: last, since: Sample.time(4), source: "paris")
        #expect(numbers(some.deliveries) == [4, 5])
        #expect(try journal.deliveries(after: 0, through: last, since: nil, source: "keyyo/paris").deliveries.isEmpty)
        #expect(try journal.deliveries(after: 0, through: 2, since: nil, source: nil).scannedTo == 2)
    }

    @Test func whatWasLetGoOfIsPassedOverAndCounted() throws {
        let journal = try files.open()
        for number in 1...6 { try commit(journal, number, call: number % 2) }
        let ids = try journal.deliveries(behind: Sample.callID(1))
        #expect(ids == [1, 3, 5])
        #expect(try journal.missing(ids) == 0)
        _ = try journal.prune(
            RetentionLimits(events: .days(1), maximumBytes: 1 << 40, raw: .seconds(2)), now: Sample.time(6))
        #expect(try journal.missing(ids) == 2)
        #expect(numbers(try journal.deliveries(ids[...]).deliveries) == [5])
        #expect(numbers(try journal.deliveries(after: 0, through: 6, since: nil, source: nil).deliveries) == [4, 5, 6])
        #expect(try !journal.inputs(of: Sample.callID(1)).isComplete)
    }

    @Test func theInputsOfACallHaveItsNeighbours() throws {
        let journal = try files.open()
        // An earlier call that still goes on; one long forgotten; the call; a word in between; a repetition soon after.
        try commit(journal, 1, call: 1)
        try commit(journal, 2, call: 2)
        try commit(journal, 40, call: 1)
        try commit(journal, 50, call: 50)
        try commit(journal, 51)
        try commit(journal, 52, call: 50)
        try commit(journal, 53, call: 1)
        try commit(journal, 100)
        try commit(journal, 200)
        let inputs = try journal.inputs(of: Sample.callID(50))
        #expect(inputs.isComplete)
        #expect(numbers(inputs.deliveries) == [1, 40, 50, 51, 52, 53, 100])
        #expect(try !journal.inputs(of: CallID(rawValue: "nobody")).isComplete)
    }

    /// A word that changed nothing anybody was told may change what comes of the next: it belongs to its call.
    @Test func whatToldNothingBelongsToItsCall() throws {
        let journal = try files.open()
        try commit(journal, 1, silently: 3)
        try commit(journal, 2)
        try commit(journal, 3, call: 3)
        try commit(journal, 4, call: 4, silently: 3)
        try commit(journal, 5, call: 3, silently: 3)
        #expect(try journal.deliveries(behind: Sample.callID(3)) == [1, 3, 4, 5])
        #expect(try journal.deliveries(behind: Sample.callID(4)) == [4])
        // One that goes on when another begins: all that is known of it comes first.
        try commit(journal, 6, silently: 4)
        try commit(journal, 7, call: 7)
        try commit(journal, 8, call: 4)
        #expect(try numbers(journal.inputs(of: Sample.callID(7)).deliveries) == [4, 6, 7, 8])
    }

    /// It is known to be missing as long as anything tells of its call, and then forgotten.
    @Test func whatToldNothingIsMissedAsLongAsItsCallIsKept() throws {
        let journal = try files.open()
        try commit(journal, 1, call: 1)
        try commit(journal, 2, silently: 1)
        try commit(journal, 3, call: 1)
        func prune(events: Int64, raw: Int64) throws -> [Int64] {
            _ = try journal.prune(
                RetentionLimits(events: .seconds(events), maximumBytes: 1 << 40, raw: .seconds(raw)),
                now: Sample.time(4))
            return try journal.deliveries(behind: Sample.callID(1))
        }
        let ids = try prune(events: 60, raw: 1)
        #expect(ids == [1, 2, 3])
        #expect(try journal.missing(ids) == 2)
        #expect(try prune(events: 1, raw: 60) == [3])
    }

    @Test func linesOfOursAreThoseOfEarlierCalls() throws {
        let journal = try files.open()
        let calls = [
            stored(1, updated: 1, local: "+33199000001"), stored(2, updated: 2, local: "+33199000002"),
            stored(3, updated: 3, local: "+33199000001"), stored(4, updated: 4, local: "238"),
        ]
        _ = try journal.commit(JournalBatch(entries: [], calls: calls, observed: Sample.time(4)))
        #expect(try journal.ownLines(before: 1) == [Sample.paris: ["+33199000001", "+33199000002"]])
    }

    /// A call is heard of after it began, and of its line perhaps later still.
    @Test func aLineIsKnownOnceACallHasToldOfIt() throws {
        let journal = try files.open()
        for number in 1...4 {
            var draft = Sample.draft(number, call: 1)
            if number < 3, case .call(var data) = draft.data {
                data.local = nil
                draft.data = .call(data)
            }
            _ = try journal.commit(
                JournalBatch(
                    entries: [JournalBatch.Entry(delivery: Sample.delivery(number), drafts: [draft])],
                    calls: [stored(1, updated: number)], observed: Sample.time(number)))
        }
        #expect(try journal.ownLines(before: 3).isEmpty)
        #expect(try journal.ownLines(before: 4) == [Sample.paris: ["+33199000001"]])
    }
}
