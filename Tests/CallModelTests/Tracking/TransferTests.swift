import CallModel
import Testing

/// Transfers that the provider reports of one call (SFR notes, section 3; VoIPGRID notes, section 6).
struct TransferTests {
    /// It came some time after the answer, which may still be heard of.
    @Test func aTransferHeardOfAfterTheEndIsNotTheAnswer() {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        stage.say(.ended(CallFact.Ending()), at: 60, time: 60)
        stage.pass(to: 63)
        stage.say(.transferred(Transfer(kind: .blind), leavesUs: false), at: 64, time: 40)
        #expect(stage.data(.callCorrected)?.outcome == .answered)
        #expect(stage.data(.callCorrected)?.talk == nil)
        stage.say(.connected(nil), at: 65, time: 10)
        #expect(stage.data(.callCorrected)?.talk == .seconds(50))
    }

    private let away = Transfer(kind: .unknown, to: "+33639980077")

    @Test func aContactWhoWasTransferredHasLeftUs() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0, direction: .outbound)
        stage.say(.transferred(away, leavesUs: true), at: 5, direction: .outbound)
        #expect(stage.types.last == .callTransferred)
        #expect(stage.data(.callTransferred)?.state == .connected)
        #expect(stage.data(.callTransferred)?.transfer == away)
        stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 9, direction: .outbound)
        stage.close()
        #expect(stage.data(.callSummary)?.outcome == .transferred)
    }

    @Test func aTransferWithinTheHouseChangesNoOutcome() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0)
        stage.say(.transferred(Transfer(kind: .attended, to: "+33199000009"), leavesUs: false), at: 5)
        stage.say(.ended(CallFact.Ending()), at: 9)
        stage.close()
        #expect(stage.data(.callSummary)?.outcome == .answered)
    }

    @Test func whoIsTransferredWasConnected() {
        var stage = Stage()
        stage.say(.transferred(away, leavesUs: true), at: 0, direction: .outbound)
        #expect(stage.types == [.callTransferred])
        #expect(stage.data(.callTransferred)?.basis == .inferred(why: "first seen transferred"))
    }

    @Test func theSameTransferIsToldOnce() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0)
        stage.say(.transferred(away, leavesUs: true), at: 5)
        stage.say(.transferred(away, leavesUs: true), at: 6)
        #expect(stage.types == [.callConnected, .callTransferred])
    }

    /// To whom the first one went says nothing of the second.
    @Test func aSecondTransferInheritsNothing() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0, time: 0)
        stage.say(.transferred(away, leavesUs: false), at: 5, time: 5)
        stage.say(.transferred(Transfer(kind: .unknown), leavesUs: false), at: 9, time: 9)
        #expect(stage.data(.callTransferred)?.transfer == Transfer(kind: .unknown))
        // The first one again, late.
        stage.say(.transferred(away, leavesUs: false), at: 10, time: 5)
        #expect(stage.tracker.liveCalls.first?.data().transfer == Transfer(kind: .unknown))
    }

    @Test func aTransferOfAnotherKindIsAnotherOne() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0)
        stage.say(.transferred(Transfer(kind: .attended, to: "+33199000009"), leavesUs: false), at: 5)
        stage.say(.transferred(Transfer(kind: .blind), leavesUs: false), at: 9)
        #expect(stage.data(.callTransferred)?.transfer == Transfer(kind: .blind))
    }

    @Test func oneTransferMayBeToldInParts() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0, time: 0)
        stage.say(.transferred(Transfer(kind: .unknown), leavesUs: true), at: 5, time: 5)
        stage.say(.transferred(away, leavesUs: true), at: 6, time: 5)
        #expect(stage.data(.callTransferred)?.transfer == away)
    }

    @Test func aTransferHeardOfAfterTheEndPutsTheSummaryRight() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0)
        stage.say(.ended(CallFact.Ending()), at: 9)
        stage.pass(to: 20)
        stage.say(.transferred(away, leavesUs: true), at: 21)
        #expect(stage.types.last == .callCorrected)
        #expect(stage.data(.callCorrected)?.outcome == .transferred)
    }

    @Test func theProvidersOwnCountOfTheTalkGoesFirst() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0)
        stage.say(.ended(CallFact.Ending()), at: 9) { $0.talked = .seconds(7) }
        stage.close()
        #expect(stage.data(.callSummary)?.talk == .seconds(7))
    }

    @Test func aCallThatTheProviderEndsInTimeIsClosedThen() {
        var stage = Stage()
        stage.say(.initiated, at: 0, direction: .outbound) { $0.lasts = .seconds(30) }
        stage.say(.connected(nil), at: 5, direction: .outbound)
        stage.pass(to: 34.999)
        #expect(stage.types.last == .callConnected)
        stage.pass(to: 35)
        #expect(stage.types.last == .callEnded)
        #expect(stage.data(.callEnded)?.outcome == .unknown)
    }
}
