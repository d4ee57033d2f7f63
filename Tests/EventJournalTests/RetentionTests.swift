import CallModel
import EventJournal
import Testing

@Suite struct RetentionTests {
    let files: TestJournal

    init() throws {
        files = try TestJournal()
    }

    private static let generous = RetentionLimits(events: .days(180), maximumBytes: 1 << 40, raw: .days(7))

    private func limits(events: Span = .days(180), bytes: Int64 = 1 << 40, raw: Span = .days(7)) -> RetentionLimits {
        RetentionLimits(events: events, maximumBytes: bytes, raw: raw)
    }

    @Test func nothingYoungIsRemoved() throws {
        let journal = try files.open()
        for number in 1...5 { _ = try journal.commit(Sample.batch(number)) }
        let report = try journal.prune(Self.generous, now: Sample.time(5))
        #expect(report.removed == 0)
        #expect(!report.moreLeft)
        #expect(report.bytesUsed > 0)
        #expect(journal.oldest == 1)
    }

    @Test func oldEventsGoAndPlacesStay() throws {
        let journal = try files.open()
        for number in 1...10 { _ = try journal.commit(Sample.batch(number)) }
        let report = try journal.prune(limits(events: .seconds(6)), now: Sample.time(10))
        #expect(report.events == 3)
        #expect(journal.oldest == 4)
        #expect(journal.head == 10)
        #expect(try journal.all().map(\.seq) == Array(4...10))
        let page = try journal.events(after: 1, limit: 2, filter: EventFilter())
        #expect(page.missing == 2...3)
        #expect(page.lines.map(\.seq) == [4, 5])
        #expect(try journal.events(after: 3, limit: 2, filter: EventFilter()).missing == nil)
        #expect(try journal.firstSeq(since: Sample.time(1)) == 4)
        #expect(try journal.firstSeq(since: Sample.time(8)) == 8)
    }

    @Test func theHeadStaysWhenNothingIsLeft() throws {
        var journal = try files.open()
        for number in 1...10 { _ = try journal.commit(Sample.batch(number)) }
        let report = try journal.prune(limits(events: .seconds(1), raw: .seconds(1)), now: Sample.time(1_000))
        #expect(report.events == 10)
        #expect(report.deliveries == 10)
        #expect(report.facts == 10)
        #expect(report.calls == 0)
        for _ in 0..<2 {
            #expect(journal.head == 10)
            #expect(journal.oldest == 11)
            let page = try journal.events(after: 0, limit: 5, filter: EventFilter())
            #expect(page.lines.isEmpty)
            #expect(page.scannedTo == 10)
            #expect(page.missing == 1...10)
            #expect(try journal.firstSeq(since: Sample.start) == nil)
            journal.close()
            journal = try files.open()
        }
        #expect(try journal.commit(Sample.batch(11)).map(\.seq) == [11])
        #expect(journal.oldest == 11)
    }

    @Test func rawInputIsNotMistakenForNewerInput() throws {
        var journal = try files.open()
        _ = try journal.commit(Sample.batch(1))
        let report = try journal.prune(limits(raw: .seconds(1)), now: Sample.time(100))
        #expect(report.deliveries == 1)
        #expect(report.events == 0)
        journal.close()
        journal = try files.open()
        _ = try journal.commit(Sample.batch(2))
        #expect(try journal.history(of: Sample.callID(1)).map(\.delivery) == [nil])
        #expect(try journal.history(of: Sample.callID(2)).map(\.delivery) == [Sample.delivery(2)])
    }

    @Test func factsAreForgottenWithTheRawInput() throws {
        let journal = try files.open()
        for number in 1...4 { _ = try journal.commit(Sample.batch(number)) }
        #expect(try journal.prune(limits(raw: .seconds(2)), now: Sample.time(4)).facts == 1)
        let facts = (1...4).map { FactID(rawValue: "fact-\($0)") }
        #expect(try journal.unknown(facts) == [facts[0]])
    }

    @Test func callsGoUnlessTheTrackerKnowsThem() throws {
        let journal = try files.open()
        let calls = (1...6).map { Sample.call($0, state: .ended, tracked: $0 == 2) }
        _ = try journal.commit(JournalBatch(calls: calls, observed: Sample.start))
        #expect(try journal.prune(limits(events: .seconds(2)), now: Sample.time(6)).calls == 2)
        #expect(try journal.calls(CallQuery()).map(\.id.rawValue) == ["call-6", "call-5", "call-4", "call-2"])
    }

    @Test func placementKeysAreForgottenWithTheEvents() throws {
        let journal = try files.open()
        let claim = PlacementClaim(
            idempotencyKey: "key", fingerprint: "a", call: Sample.callID(1), source: Sample.paris,
            observed: Sample.time(1), to: "+33639980011")
        #expect(try journal.claimPlacement(claim) == .new)
        #expect(try journal.prune(limits(events: .seconds(5)), now: Sample.time(5)).placements == 0)
        #expect(try journal.prune(limits(events: .seconds(1)), now: Sample.time(5)).placements == 1)
        #expect(try journal.claimPlacement(claim) == .new)
    }

    @Test func muchIsRemovedInPieces() throws {
        let journal = try files.open()
        let count = EventJournal.pruneRows * 2 + 10
        _ = try journal.commit(Sample.events(1...count))
        var removed: [Int] = []
        while true {
            let report = try journal.prune(limits(events: .seconds(1)), now: Sample.time(count * 2))
            removed.append(report.events)
            #expect(try journal.all().count == count - removed.reduce(0, +))
            guard report.moreLeft else { break }
        }
        #expect(removed == [EventJournal.pruneRows, EventJournal.pruneRows, 10])
    }

    @Test func largeRawInputIsRemovedInPieces() throws {
        let journal = try files.open()
        let body = [UInt8](repeating: 1, count: Int(EventJournal.pruneBytes) / 4)
        for number in 1...6 { _ = try journal.commit(Sample.batch(number, body: body)) }
        let first = try journal.prune(limits(raw: .seconds(1)), now: Sample.time(100))
        #expect(first.deliveries == 4)
        #expect(first.moreLeft)
        let second = try journal.prune(limits(raw: .seconds(1)), now: Sample.time(100))
        #expect(second.deliveries == 2)
        #expect(!second.moreLeft)
    }

    @Test func aJournalThatIsTooBigLosesItsOldest() throws {
        let journal = try files.open()
        let body = [UInt8](repeating: 1, count: 3_000)
        for piece in 0..<20 {
            var batch = JournalBatch(observed: Sample.time(piece * 100))
            for number in piece * 100 + 1...piece * 100 + 100 {
                batch.entries += Sample.batch(number, body: body).entries
            }
            _ = try journal.commit(batch)
        }
        let maximum: Int64 = 4 << 20
        #expect(try journal.prune(Self.generous, now: Sample.time(2_000)).bytesUsed > maximum)
        var rounds = 0
        var report = PruneReport(moreLeft: true)
        while report.moreLeft, rounds < 200 {
            report = try journal.prune(limits(bytes: maximum), now: Sample.time(2_000))
            rounds += 1
        }
        #expect(!report.moreLeft)
        #expect(report.bytesUsed <= maximum)
        #expect(report.bytesUsed > maximum / 2)
        #expect(journal.head == 2_000)
        #expect(journal.oldest > 1)
        #expect(try journal.all().map(\.seq) == (1...2_000).filter { $0 >= journal.oldest })
        #expect(try journal.history(of: Sample.callID(2_000)).first?.delivery != nil)
        journal.close()
        // What was freed went back to the file system.
        #expect(try files.bytes().count <= maximum)
        #expect(try files.open().head == 2_000)
    }

    /// Ids of facts take most of the room here: they reach no further back than the events, and none of the young ones
    /// is taken for them.
    @Test func whicheverKindTakesTheRoomTheOldestGo() throws {
        let journal = try files.open()
        let seconds = 2_000
        for second in 1...seconds {
            var batch = Sample.batch(second)
            for extra in 0..<20 {
                batch.entries[0].facts.append(
                    FactID(rawValue: "extra-\(second)-\(extra)-\(String(repeating: "x", count: 60))"))
            }
            _ = try journal.commit(batch)
        }
        let now = Sample.time(seconds)
        let before = try journal.prune(Self.generous, now: now).bytesUsed
        for maximum in [before * 3 / 4, 0] {
            var report = PruneReport(moreLeft: true)
            for _ in 0..<500 where report.moreLeft { report = try journal.prune(limits(bytes: maximum), now: now) }
            #expect(!report.moreLeft)
            #expect(maximum == 0 || report.bytesUsed <= maximum)
            let oldest = try #require(try journal.all().first).seq
            #expect(maximum == 0 ? oldest == 1_400 : oldest > 1 && oldest < 1_400, "\(oldest)")
            // A fact of the oldest event is known, one from before is not.
            let facts = [Int(oldest) + 1, Int(oldest) - 20].map { FactID(rawValue: "fact-\($0)") }
            #expect(try journal.unknown(facts) == [facts[1]])
        }
    }

    /// They are small, and one that is forgotten early places its call again.
    @Test func placementKeysGoByAgeAlone() throws {
        let journal = try files.open()
        let claim = PlacementClaim(
            idempotencyKey: "key", fingerprint: "a", call: Sample.callID(1), source: Sample.paris,
            observed: Sample.time(1), to: "+33639980011")
        #expect(try journal.claimPlacement(claim) == .new)
        for number in 1...20 { _ = try journal.commit(Sample.batch(number)) }
        var events = 0
        var report = PruneReport(moreLeft: true)
        while report.moreLeft {
            report = try journal.prune(limits(bytes: 0), now: Sample.time(10_000))
            events += report.events
            #expect(report.placements == 0)
        }
        #expect(events == 20)
        #expect(try journal.claimPlacement(claim) != .new)
    }

    /// What came while the clock had fallen behind, at just the place up to which is looked, keeps nothing.
    @Test func aClockThatErredKeepsNoSize() throws {
        let journal = try files.open()
        for number in 1...200 { _ = try journal.commit(Sample.batch(number == 11 ? 1 : number + 1_000)) }
        var report = PruneReport(moreLeft: true)
        for _ in 0..<100 where report.moreLeft {
            report = try journal.prune(limits(bytes: 0), now: Sample.time(10_000))
        }
        #expect(try journal.all().isEmpty)
    }

    @Test func anImpossibleSizeComesToAnEnd() throws {
        let journal = try files.open()
        for number in 1...20 { _ = try journal.commit(Sample.batch(number)) }
        var rounds = 0
        while try journal.prune(limits(bytes: 0), now: Sample.time(20)).moreLeft, rounds < 100 { rounds += 1 }
        #expect(rounds < 100)
        #expect(journal.head == 20)
        #expect(try journal.trackedCalls().count == 20)
        #expect(try journal.commit(Sample.batch(21)).map(\.seq) == [21])
    }

    /// The clock ran ahead, then was set right; and the other way round.
    @Test func aClockThatErredNeitherKeepsNorLosesMuch() throws {
        let journal = try files.open()
        for number in [1, 5_000, 2, 3] { _ = try journal.commit(Sample.events(number...number)) }
        #expect(try journal.prune(limits(events: .seconds(10)), now: Sample.time(12)).events == 1)
        #expect(try journal.prune(limits(events: .seconds(10)), now: Sample.time(13)).events == 2)
        let other = try TestJournal()
        let second = try other.open()
        for number in [100, 101, 1, 102] { _ = try second.commit(Sample.events(number...number)) }
        #expect(try second.prune(limits(events: .seconds(10)), now: Sample.time(103)).events == 0)
    }
}
