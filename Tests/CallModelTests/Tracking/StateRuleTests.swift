import CallModel
import Testing

/// `docs/events.md`, States: the numbered rules.
struct StateRuleTests {
    // Rule 1

    @Test func anyForwardJumpIsLegalAndNothingSkippedIsInvented() {
        var stage = Stage()
        stage.say(.initiated, at: 0, direction: .outbound)
        stage.say(.connected(nil), at: 5, direction: .outbound)
        #expect(stage.types == [.callInitiated, .callConnected])
        #expect(stage.data(.callConnected)?.times.ringing == nil)
    }

    @Test func aCallFirstSeenInItsMiddleSaysSo() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0)
        #expect(stage.types == [.callConnected])
        #expect(stage.data(.callConnected)?.basis == .inferred(why: "first seen connected"))
    }

    @Test func aCallFirstSeenRingingIsReported() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        #expect(stage.data(.callRinging)?.basis == .reported)
    }

    @Test func theBeginningThatComesLateTakesTheDoubtAway() {
        var stage = Stage()
        stage.say(.connected(nil), at: 1, time: 1)
        stage.say(.ringing, at: 1.2, time: 0)
        #expect(stage.types == [.callConnected, .callUpdated])
        #expect(stage.data(.callUpdated)?.state == .connected)
        #expect(stage.data(.callUpdated)?.basis == .reported)
        #expect(stage.data(.callUpdated)?.times.ringing == Stage.time(0))
        #expect(stage.data(.callUpdated)?.times.started == Stage.time(0))
    }

    // Rule 2

    @Test(arguments: [
        CallFact.Step.initiated, .queued, .ringing, .connected(nil), .held, .resumed, .remark,
        .agentOffered(agent: "a", line: nil), .agentBridged(agent: "a", line: nil),
        .agentUnbridged(agent: "a", bridged: false), .agentUnbridged(agent: "a", bridged: true), .ringingStopped,
        .hangUpRequested, .ended(CallFact.Ending()), .placed(CallID(rawValue: "other")),
    ])
    func aCallNeverLeavesEnded(_ step: CallFact.Step) {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        stage.say(.ended(CallFact.Ending()), at: 5)
        let late = stage.say(step, at: 6)
        #expect(late.allSatisfy { $0.call?.state ?? .ended == .ended })
        stage.close()
        #expect(stage.types.count { $0 == .callEnded } == 1)
        #expect(stage.types.count { $0 == .callSummary } == 1)
        #expect(stage.tracker.liveCalls.isEmpty)
    }

    // Rule 3

    @Test func aBackwardWordChangesNothingButIsPassedOn() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0)
        stage.say(.ringing, at: 1)
        #expect(stage.data(.callUpdated)?.state == .connected)
        #expect(stage.data(.callUpdated)?.provider.event == "ringing")
        #expect(stage.data(.callUpdated)?.times.ringing == nil)
    }

    @Test func holdAndResumeGoByTheProvidersClock() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0, time: 0)
        stage.say(.resumed, at: 11, time: 10)
        stage.say(.held, at: 12, time: 5)
        #expect(stage.tracker.liveCalls.first?.state == .connected)
    }

    @Test func anAnswerDatedBeforeTheEndCorrectsEvenIfItComesLater() {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        stage.say(.ended(CallFact.Ending()), at: 10, time: 10)
        stage.say(.connected(nil), at: 11, time: 4)
        stage.close()
        let summary = stage.data(.callSummary)
        #expect(summary?.outcome == .answered)
        #expect(summary?.ring == .seconds(4))
        #expect(summary?.talk == .seconds(6))
    }

    /// Another one later says that they still talk, one heard of later that they talked before.
    @Test(arguments: [(10.0, 20.0), (20, 10)])
    func theFirstAnswerIsTheOneThatCounts(_ one: Double, _ other: Double) {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        stage.say(.connected(nil), at: 20, time: one)
        stage.say(.connected(nil), at: 21, time: other, word: "again")
        stage.say(.ended(CallFact.Ending()), at: 30, time: 30)
        stage.close()
        #expect(stage.data(.callSummary)?.ring == .seconds(10))
        #expect(stage.data(.callSummary)?.talk == .seconds(20))
    }

    @Test func anAnswerDatedAfterTheEndIsNone() {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        stage.say(.ended(CallFact.Ending()), at: 10, time: 10)
        stage.say(.connected(nil), at: 11, time: 10.5)
        stage.close()
        #expect(stage.data(.callSummary)?.outcome == .missed)
    }

    @Test func anAnswerWithoutTimesCountsWhicheverWayItCame() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        stage.say(.ended(CallFact.Ending()), at: 10)
        stage.say(.connected(nil), at: 10.1)
        stage.close()
        #expect(stage.data(.callSummary)?.outcome == .answered)
        // When it was answered is not known: nothing is made up.
        #expect(stage.data(.callSummary)?.talk == nil)
        #expect(stage.data(.callSummary)?.times.connected == nil)
    }

    @Test func oneClockPerDifference() {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 100)
        stage.say(.connected(nil), at: 5)
        stage.say(.ended(CallFact.Ending()), at: 15, time: 300)
        stage.close()
        #expect(stage.data(.callSummary)?.ring == .seconds(5))
        #expect(stage.data(.callSummary)?.talk == .seconds(10))
    }

    @Test func aNegativeDurationIsUnknown() {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 50)
        stage.say(.connected(nil), at: 5, time: 20)
        stage.say(.ended(CallFact.Ending()), at: 15, time: 60)
        stage.close()
        #expect(stage.data(.callSummary)?.ring == nil)
        #expect(stage.data(.callSummary)?.talk == .seconds(40))
    }

    // Rule 4

    @Test func aRepetitionThatGotThroughIsNotTold() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        #expect(stage.say(.ringing, at: 1).isEmpty)
        stage.say(.connected(nil), at: 2)
        #expect(stage.say(.connected(nil), at: 3).isEmpty)
        stage.say(.ended(CallFact.Ending()), at: 4)
        #expect(stage.say(.ended(CallFact.Ending()), at: 5).isEmpty)
    }

    // Rule 7

    @Test func anUnknownWordOfAKnownCallIsPassedOnOnce() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        let first = stage.say(.remark, at: 1, word: "start_teleport")
        #expect(first.map(\.type) == [.callUpdated])
        #expect(first.first?.call?.provider.event == "start_teleport")
        #expect(stage.say(.remark, at: 2, word: "start_teleport").isEmpty)
        #expect(stage.tracker.liveCalls.first?.state == .ringing)
    }

    @Test func anUnknownWordOpensNoCall() {
        var stage = Stage()
        stage.say(.remark, at: 0)
        #expect(stage.told.isEmpty)
        #expect(stage.tracker.count == 0)
    }

    @Test func theWordsOfAProviderGoneMadAreBounded() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0)
        for count in 0..<1_000 { stage.say(.remark, at: 1, word: "word \(count)") }
        stage.say(.ended(CallFact.Ending()), at: 2)
        #expect(stage.types.count { $0 == .callUpdated } == 1_000)
        #expect(stage.types.last == .callEnded)
    }
}
