import CallModel
import Testing

/// Transfers that the provider reports of one call (SFR's reports, VoIPGRID's call notifications).
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

    @Test func theCallOfAConferenceEndsWithIt() {
        var stage = Stage()
        stage.say(.initiated, at: 0, direction: .outbound) { $0.lasts = .seconds(30) }
        stage.say(.connected(nil), at: 5, direction: .outbound)
        stage.pass(to: 29.999)
        #expect(stage.types.last == .callConnected)
        stage.pass(to: 30)
        #expect(stage.types.last == .callEnded)
        #expect(stage.data(.callEnded)?.outcome == .unknown)
        #expect(stage.data(.callEnded)?.basis == .inferred(why: "the conference it was part of is over"))
        #expect(stage.data(.callEnded)?.cause == Cause(code: "conference_over", by: .system))
        stage.close()
        #expect(stage.data(.callSummary)?.cause?.code == "conference_over")
    }

    /// Of one that is heard of no more before, silence is all there is.
    @Test func theCallOfALongConferenceMayBeLostBefore() {
        var stage = Stage()
        stage.say(.initiated, at: 0, direction: .outbound) { $0.lasts = .minutes(60) }
        stage.pass(to: 121)
        #expect(stage.data(.callEnded)?.cause?.code == "lost")
        #expect(
            stage.data(.callEnded)?.basis == .inferred(why: "no news within the longest time this state may last"))
    }

    // MARK: - Within the house

    private func answeredByAlice(_ stage: inout Stage) {
        stage.say(.ringing, at: 0, time: 0) {
            $0.legs = [Leg(line: "234", state: .ringing), Leg(line: "345", state: .ringing)]
        }
        stage.say(.connected(nil), at: 2, time: 2) {
            $0.legs = [Leg(line: "234", state: .connected)]
            $0.local = Party(number: "+33199000001", kind: .e164, name: "Alice", line: "234")
        }
    }

    private func handOver(_ local: Party, to line: String?, _ stage: inout Stage, at: Double, time: Double) {
        stage.say(.transferred(Transfer(kind: .attended, to: line), leavesUs: false), at: at, time: time) {
            $0.local = local
        }
    }

    private let bob = Party(number: "+33199000002", kind: .e164, name: "Bob", line: "456")

    private func legs(_ data: CallData?) -> [String] {
        (data?.legs ?? []).map { "\($0.line ?? "") \($0.outcome?.rawValue ?? $0.state.rawValue)" }
    }

    @Test func whoeverHasTheCallNowIsTheLocalSide() {
        var stage = Stage()
        answeredByAlice(&stage)
        handOver(bob, to: "456", &stage, at: 5, time: 5)
        let told = stage.data(.callTransferred)
        #expect(told?.local == bob)
        #expect(legs(told) == ["234 transferred", "345 answered_elsewhere", "456 connected"])
        stage.say(.ended(CallFact.Ending()), at: 9, time: 9)
        stage.close()
        #expect(stage.data(.callSummary)?.local == bob)
        #expect(legs(stage.data(.callSummary)) == ["234 transferred", "345 answered_elsewhere", "456 answered"])
        #expect(stage.data(.callSummary)?.outcome == .answered)
    }

    @Test func aTelephoneThatIsNotNamedIsNotTheOldOne() {
        var stage = Stage()
        answeredByAlice(&stage)
        handOver(Party(number: "+33199000001", kind: .e164), to: nil, &stage, at: 5, time: 5)
        #expect(stage.data(.callTransferred)?.local == Party(number: "+33199000001", kind: .e164))
        #expect(legs(stage.data(.callTransferred)) == ["234 transferred", "345 answered_elsewhere"])
    }

    @Test func andBackAgain() {
        var stage = Stage()
        answeredByAlice(&stage)
        handOver(bob, to: "456", &stage, at: 5, time: 5)
        let alice = Party(number: "+33199000001", kind: .e164, name: "Alice", line: "234")
        handOver(alice, to: "234", &stage, at: 6, time: 6)
        #expect(stage.data(.callTransferred)?.local == alice)
        #expect(legs(stage.data(.callTransferred)) == ["234 connected", "345 answered_elsewhere", "456 transferred"])
    }

    @Test func whateverTheOrderOfTheirArrival() {
        var stage = Stage()
        answeredByAlice(&stage)
        stage.say(.ended(CallFact.Ending()), at: 9, time: 9)
        handOver(bob, to: "456", &stage, at: 9.5, time: 5)
        stage.close()
        #expect(stage.data(.callSummary)?.local == bob)
        #expect(legs(stage.data(.callSummary)) == ["234 transferred", "345 answered_elsewhere", "456 answered"])
    }

    @Test func ourCallIsNotItsRemoteSideOnceWeHandedItOver() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0, direction: .outbound)
        stage.say(
            .transferred(Transfer(kind: .attended, to: "456"), leavesUs: false), at: 5, direction: .outbound
        ) {
            ($0.local, $0.remote) = ($0.remote, Party(number: "+33199000002", kind: .e164))
        }
        #expect(stage.data(.callTransferred)?.local == Party(number: "+33199000002", kind: .e164, line: "456"))
        #expect(stage.data(.callTransferred)?.remote?.number == "+33639980011")
    }

    /// Whoever transfers before the other telephone answers ends the call for his own (VoIPGRID, warm transfer).
    @Test func anAnswerDatedAfterTheEndCountsWhereACallGoesOnElsewhere() {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        stage.say(.ended(CallFact.Ending()), at: 9, time: 9)
        stage.say(.connected(nil), at: 12, time: 11) {
            $0.isAnswerAfterEnd = true
            $0.legs = [Leg(line: "456", state: .connected)]
        }
        stage.close()
        #expect(stage.data(.callSummary)?.outcome == .missed)
        #expect(stage.data(.callCorrected)?.outcome == .answered)
        #expect(stage.data(.callCorrected)?.talk == nil)
        #expect(legs(stage.data(.callCorrected)) == ["456 answered"])
    }
}
