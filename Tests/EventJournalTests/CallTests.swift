import CallModel
import EventJournal
import Testing

@Suite struct CallTests {
    let files: TestJournal
    let journal: EventJournal

    init() throws {
        files = try TestJournal()
        journal = try files.open()
    }

    private func store(_ calls: [StoredCall]) throws {
        _ = try journal.commit(JournalBatch(calls: calls, observed: Sample.start))
    }

    private func numbers(_ query: CallQuery) throws -> [String] {
        try journal.calls(query).map(\.id.rawValue)
    }

    @Test func aCallIsReadBackWhole() throws {
        var call = Sample.call(1, state: .ended, outcome: .answeredElsewhere, tracked: true)
        try store([call])
        #expect(try journal.call(call.id) == call)
        call = StoredCall(
            id: call.id, source: call.source, state: .queued, direction: .unknown, started: Sample.time(3),
            updated: Sample.time(4), json: []
        )
        try store([call])
        #expect(try journal.call(call.id) == call)
        #expect(try journal.calls(CallQuery()) == [call])
        #expect(try journal.call(CallID(rawValue: "other")) == nil)
    }

    @Test func trackedCallsAreThoseTheTrackerStillKnows() throws {
        try store((1...4).map { Sample.call($0, tracked: true) })
        try store([Sample.call(2, state: .ended, tracked: false), Sample.call(1, state: .ended, tracked: true)])
        #expect(try journal.trackedCalls() == [1, 3, 4].map { Array("tracked \($0)".utf8) })
    }

    @Test func theNewestComeFirst() throws {
        try store([2, 5, 1, 4, 3].map { Sample.call($0, tracked: false) })
        #expect(try numbers(CallQuery(limit: 3)) == ["call-5", "call-4", "call-3"])
        #expect(try numbers(CallQuery(limit: 0)).isEmpty)
        #expect(try numbers(CallQuery(limit: -1)).isEmpty)
        #expect(try numbers(CallQuery(limit: .max)).count == 5)
    }

    @Test func everyWishNarrowsTheList() throws {
        let outcomes: [Outcome?] = [nil, .answered, .missed, .missed, .abandoned, nil]
        let states: [CallState] = [.ringing, .ended, .ended, .ended, .ended, .connected]
        try store(
            outcomes.indices.map { Sample.call($0 + 1, state: states[$0], outcome: outcomes[$0], tracked: false) })
        #expect(try numbers(CallQuery(states: [.ringing])) == ["call-1"])
        #expect(try numbers(CallQuery(states: [.ringing, .connected])) == ["call-6", "call-1"])
        #expect(try numbers(CallQuery(outcomes: [.missed])) == ["call-4", "call-3"])
        #expect(try numbers(CallQuery(outcomes: [.missed, .abandoned], limit: 2)) == ["call-5", "call-4"])
        #expect(try numbers(CallQuery(numbers: ["+33639980013"])) == ["call-3"])
        #expect(try numbers(CallQuery(numbers: ["+33199000001"])).count == 6)
        #expect(try numbers(CallQuery(numbers: ["0639980013", "+33639980013"])) == ["call-3"])
        #expect(try numbers(CallQuery(numbers: ["' OR 1=1 --"])).isEmpty)
        #expect(try numbers(CallQuery(since: Sample.time(5))) == ["call-6", "call-5"])
        #expect(try numbers(CallQuery(until: Sample.time(2))) == ["call-1"])
        let all = CallQuery(
            states: [.ended], outcomes: [.missed], numbers: ["+33199000001"], since: Sample.time(4),
            until: Sample.time(5))
        #expect(try numbers(all) == ["call-4"])
    }

    @Test func historyTellsWhatCausedEachEvent() throws {
        var first = Sample.batch(1)
        first.entries[0].drafts.append(Sample.draft(2, call: 1, type: .callConnected))
        first.entries[0].unparsed = true
        _ = try journal.commit(first)
        _ = try journal.commit(Sample.batch(3))
        let timer = JournalBatch.Entry(delivery: nil, drafts: [Sample.draft(4, call: 1, type: .callSummary)])
        _ = try journal.commit(JournalBatch(entries: [timer], observed: Sample.time(4)))
        let history = try journal.history(of: Sample.callID(1))
        #expect(history.map(\.event.seq) == [1, 2, 4])
        #expect(history.map(\.event.type) == ["call.ringing", "call.connected", "call.summary"])
        #expect(history.map(\.delivery) == [Sample.delivery(1), Sample.delivery(1), nil])
        #expect(history.map(\.unparsed) == [true, true, false])
        #expect(history.map(\.observed) == [Sample.time(1), Sample.time(2), Sample.time(4)])
        #expect(try journal.all().map(\.bytes)[0] == history[0].event.bytes)
        #expect(try journal.history(of: CallID(rawValue: "other")).isEmpty)
    }

    @Test func aPlacementIsClaimedOnce() throws {
        let claim = PlacementClaim(
            idempotencyKey: "key", fingerprint: "a", call: Sample.callID(1), source: Sample.paris,
            observed: Sample.start, to: "+33639980011", from: "201")
        #expect(try journal.claimPlacement(claim) == .new)
        #expect(try journal.unansweredPlacements() == [claim])
        journal.close()
        let journal = try files.open()
        var again = claim
        again.call = Sample.callID(2)
        #expect(try journal.claimPlacement(again) == .known(call: Sample.callID(1), sameRequest: true, answer: nil))
        again.fingerprint = "b"
        #expect(try journal.claimPlacement(again) == .known(call: Sample.callID(1), sameRequest: false, answer: nil))
        again.idempotencyKey = "other"
        #expect(try journal.claimPlacement(again) == .new)
    }

    @Test func whatNobodyWasAskedForMayBeAskedForAgain() throws {
        func claim(_ number: Int) -> PlacementClaim {
            PlacementClaim(
                idempotencyKey: "key", fingerprint: "a", call: Sample.callID(number), source: Sample.paris,
                observed: Sample.start, to: "+33639980011")
        }
        #expect(try journal.claimPlacement(claim(1)) == .new)
        try journal.withdrawPlacement(of: Sample.callID(1))
        #expect(try journal.unansweredPlacements().isEmpty)
        #expect(try journal.claimPlacement(claim(2)) == .new)
        // What was answered stays.
        try journal.settlePlacement(of: Sample.callID(2), as: Sample.callID(2), .accepted)
        try journal.withdrawPlacement(of: Sample.callID(2))
        #expect(
            try journal.claimPlacement(claim(3)) == .known(call: Sample.callID(2), sameRequest: true, answer: .accepted)
        )
    }

    /// A crash ends the waiting: nobody was asked. What was asked for when it came is not known.
    @Test func whatWaitedInARunThatEndedIsForgotten() throws {
        func claim(_ number: Int) -> PlacementClaim {
            PlacementClaim(
                idempotencyKey: "key-\(number)", fingerprint: "a", call: Sample.callID(number), source: Sample.paris,
                observed: Sample.start, to: "+33639980011", waits: true)
        }
        func told(_ number: Int) throws -> PlacementAnswer? {
            guard case .known(_, true, let answer)? = try journal.placements([claim(number)])[0] else { return nil }
            return answer
        }
        #expect(try journal.placements([claim(1)]) == [nil])
        for number in 1...4 { #expect(try journal.claimPlacement(claim(number)) == .new) }
        #expect(try told(1) == .waiting && journal.unansweredPlacements().isEmpty)
        for number in 1...3 { try journal.markPlacement(of: Sample.callID(number), waits: false) }
        try journal.markPlacement(of: Sample.callID(2), waits: true)
        try journal.settlePlacement(of: Sample.callID(3), as: Sample.callID(3), .accepted)
        // An answer stands whatever is written down late.
        try journal.markPlacement(of: Sample.callID(3), waits: true)
        #expect(try journal.unansweredPlacements().map(\.call) == [Sample.callID(1)])
        try journal.withdrawWaitingPlacements()
        #expect(try journal.unansweredPlacements().map(\.call) == [Sample.callID(1)])
        #expect(try journal.placements([claim(2), claim(4)]) == [nil, nil])
        #expect(try told(3) == .accepted)
        #expect(try journal.sourceOfPlacement(keys: ["key-2", "key-3"]) == Sample.paris)
        #expect(try journal.sourceOfPlacement(keys: ["key-2"]) == nil)
        // One that is sent away while it waits.
        #expect(try journal.claimPlacement(claim(4)) == .new)
        try journal.withdrawPlacement(of: Sample.callID(4))
        #expect(try journal.claimPlacement(claim(4)) == .new)
    }

    @Test func whatOneRequestWantsIsClaimedWholeOrNotAtAll() throws {
        func claim(_ number: Int, key: String, fingerprint: String = "a") -> PlacementClaim {
            PlacementClaim(
                idempotencyKey: key, fingerprint: fingerprint, call: Sample.callID(number), source: Sample.paris,
                observed: Sample.start, to: "+33639980011")
        }
        let other = claim(9, key: "guest-2", fingerprint: "b")
        #expect(try journal.claimPlacement(other) == .new)
        let guests = [claim(1, key: "guest-0"), claim(2, key: "guest-1"), claim(3, key: "guest-2")]
        #expect(
            try journal.claimPlacements(guests) == [
                .new, .new, .known(call: Sample.callID(9), sameRequest: false, answer: nil),
            ])
        // Nobody calls these guests, so nobody may be told of them.
        #expect(try journal.unansweredPlacements() == [other])
        #expect(try journal.claimPlacements(Array(guests.prefix(2))) == [.new, .new])
        #expect(try journal.unansweredPlacements().count == 3)
    }

    @Test(
        arguments: [
            .accepted, .unknown, .refused(status: 400, text: "no"), .refused(status: nil, text: ""),
            .unreachable("no route"),
        ] as [PlacementAnswer])
    func theSameRequestIsToldWhatTheFirstWasTold(_ answer: PlacementAnswer) throws {
        let claim = PlacementClaim(
            idempotencyKey: "key", fingerprint: "a", call: Sample.callID(1), source: Sample.paris,
            observed: Sample.start, to: "+33639980011")
        _ = try journal.claimPlacement(claim)
        try journal.settlePlacement(of: Sample.callID(1), as: Sample.callID(7), answer)
        #expect(
            try journal.claimPlacement(claim)
                == .known(call: Sample.callID(7), sameRequest: true, answer: answer))
        #expect(try journal.unansweredPlacements().isEmpty)
    }
}
