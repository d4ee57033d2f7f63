import CallModel
import EventJournal
import Testing

@Suite struct SessionTests {
    let files: TestJournal

    init() throws {
        files = try TestJournal()
    }

    private func session(
        _ number: Int, until: Int? = nil, through: Int64 = 0, left: ReaderSession.Leaving? = nil
    ) -> ReaderSession {
        ReaderSession(
            id: "r-\(number)", socket: "/run/events.sock", uid: 1_000, pid: 7, token: nil, numbers: "clear",
            filter: EventFilter(types: ["call.ringing", "call.*"], source: "paris", direction: .inbound),
            since: Sample.time(number), until: until.map(Sample.time), after: 0, through: through, left: left)
    }

    @Test(arguments: ReaderSession.Leaving.allCases) func aStayComesBackAsItWas(_ left: ReaderSession.Leaving) throws {
        let journal = try files.open()
        try journal.record([session(1)], now: Sample.time(5))
        let there = try #require(try journal.sessions(from: Sample.time(0), to: Sample.time(9), seqs: nil).first)
        #expect(there.until == Sample.time(5) && there.left == nil)
        let gone = session(1, until: 8, through: 12, left: left)
        try journal.record([gone], now: Sample.time(30))
        #expect(try journal.sessions(from: Sample.time(0), to: Sample.time(9), seqs: nil) == [gone])
    }

    @Test func onlyThoseOfTheTimeOrTheStretch() throws {
        let journal = try files.open()
        try journal.record(
            [session(10, until: 20, through: 5), session(30, until: 40, through: 9)], now: Sample.time(50))
        func found(_ from: Int, _ to: Int, _ seqs: ClosedRange<Int64>? = nil) throws -> [String] {
            try journal.sessions(from: Sample.time(from), to: Sample.time(to), seqs: seqs).map(\.id)
        }
        #expect(try found(0, 9).isEmpty)
        #expect(try found(15, 16) == ["r-10"])
        #expect(try found(20, 30) == ["r-30", "r-10"])
        // One that read it long after.
        #expect(try found(0, 9, 7...8) == ["r-30"])
    }

    @Test func eventsOfACallAreAskedOfEachFilter() throws {
        let journal = try files.open()
        let entry = JournalBatch.Entry(
            delivery: nil, drafts: [Sample.draft(1, call: 1), Sample.draft(2, call: 1, type: .callEnded)])
        _ = try journal.commit(JournalBatch(entries: [entry], observed: Sample.time(2)))
        let events = try journal.events(
            of: Sample.callID(1),
            admittedBy: [EventFilter(), EventFilter(types: ["call.ended"]), EventFilter(source: "tokyo")])
        #expect(events.map(\.type) == ["call.ringing", "call.ended"])
        #expect(events.map(\.admitted) == [[true, false, false], [true, true, false]])
    }

    @Test func oldStaysGoWithTheEvents() throws {
        let journal = try files.open()
        try journal.record([session(10, until: 20), session(30, until: 40)], now: Sample.time(40))
        _ = try journal.prune(
            RetentionLimits(events: .seconds(15), maximumBytes: 1 << 40, raw: .days(7)), now: Sample.time(50))
        #expect(try journal.sessions(from: Sample.time(0), to: Sample.time(60), seqs: nil).map(\.id) == ["r-30"])
    }
}
