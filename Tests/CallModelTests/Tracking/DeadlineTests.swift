import CallModel
import Testing

/// `docs/events.md`, States, rules 5 and 6: deadlines, the end in two phases, corrections.
struct DeadlineTests {
    @Test(arguments: [
        (CallFact.Step.initiated, 120.0), (.ringing, 180), (.queued, 3_600), (.connected(nil), 43_200), (.held, 43_200),
    ])
    func everyOpenCallHasADeadlineByState(_ step: CallFact.Step, _ seconds: Double) {
        var stage = Stage()
        stage.say(step, at: 0)
        #expect(stage.pass(to: seconds - 0.001).isEmpty)
        #expect(stage.tracker.nextDeadline() == Stage.time(seconds))
        let ended = stage.pass(to: seconds)
        #expect(ended.map(\.type) == [.callEnded])
        let data = ended.first?.call
        #expect(data?.outcome == .unknown)
        #expect(data?.cause?.code == "lost")
        #expect(data?.basis != .reported)
        #expect(ended.first?.observed == Stage.time(seconds))
        #expect(ended.first?.time == nil)
        #expect(stage.pass(to: seconds + 2).map(\.type) == [.callSummary])
    }

    @Test func deadlinesAreConfigurable() {
        var stage = Stage(limits: TrackerLimits(settle: .seconds(5), maxRinging: .seconds(10)))
        stage.say(.ringing, at: 0)
        #expect(stage.pass(to: 10).map(\.type) == [.callEnded])
        #expect(stage.pass(to: 14.999).isEmpty)
        #expect(stage.pass(to: 15).map(\.type) == [.callSummary])
    }

    @Test func anEventsOwnTimeIsTheTimeItWasDueHoweverLateItIsTold() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        let told = stage.pass(to: 100_000)
        #expect(told.map(\.observed) == [Stage.time(180), Stage.time(182)])
    }

    @Test func theEndIsToldAtOnceAndTheSummaryAfterTheSettleWindow() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        #expect(stage.say(.ended(CallFact.Ending()), at: 5).map(\.type) == [.callEnded])
        #expect(stage.pass(to: 6.999).isEmpty)
        #expect(stage.pass(to: 7).map(\.type) == [.callSummary])
        #expect(stage.close().isEmpty)
    }

    @Test func aLateAnswerCorrectsTheSummary() {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        stage.say(.ended(CallFact.Ending()), at: 5, time: 5)
        stage.pass(to: 8)
        let late = stage.say(.connected(nil), at: 9, time: 3)
        #expect(late.map(\.type) == [.callCorrected])
        #expect(late.first?.call?.outcome == .answered)
        #expect(late.first?.call?.corrects == stage.told.first { $0.type == .callSummary }?.id)
    }

    @Test func whatTheSummarySaidAlreadyIsNotCorrected() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0)
        stage.say(.ended(CallFact.Ending()), at: 5)
        stage.pass(to: 8)
        #expect(stage.say(.connected(nil), at: 9).isEmpty)
    }

    @Test func aRealEndAfterALossCorrects() {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        stage.pass(to: 200)
        let late = stage.say(.ended(CallFact.Ending()), at: 300, time: 299)
        #expect(late.map(\.type) == [.callCorrected])
        #expect(late.first?.call?.outcome == .missed)
        #expect(late.first?.call?.cause == nil)
        #expect(late.first?.call?.times.ended == Stage.time(299))
    }

    /// The outcome stays `unknown`, but "the end was not seen" is no longer true.
    @Test func aRealEndAfterALossCorrectsEvenWithoutAnOutcome() {
        var stage = Stage()
        stage.say(.initiated, at: 0, direction: .outbound)
        stage.pass(to: 200)
        let late = stage.say(.ended(CallFact.Ending(unanswered: .unknown)), at: 300)
        #expect(late.map(\.type) == [.callCorrected])
        #expect(late.first?.call?.cause == nil)
    }

    @Test func aRealEndWithinTheWindowAfterALossIsInTheSummary() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        stage.pass(to: 180)
        stage.say(.ended(CallFact.Ending()), at: 181)
        stage.close()
        #expect(stage.data(.callSummary)?.outcome == .missed)
        #expect(!stage.types.contains(.callCorrected))
    }

    @Test func aChangedDurationIsACorrection() {
        var stage = Stage()
        stage.say(.agentBridged(agent: "a", line: nil), at: 0, time: 0) { $0.queue = QueueStay(name: "q") }
        stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 30, time: 30)
        stage.pass(to: 33)
        #expect(stage.data(.callSummary)?.talk == .seconds(30))
        stage.say(.agentUnbridged(agent: "a", bridged: true), at: 34, time: 29) { $0.released = Stage.time(29) }
        #expect(stage.data(.callCorrected)?.talk == .seconds(29))
    }

    @Test func anIdSeenLongAfterTheEndIsANewCall() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        stage.say(.ended(CallFact.Ending()), at: 5)
        stage.say(.ringing, at: 606)
        #expect(Set(stage.told.map(\.subject)).count == 1)
        stage.say(.ended(CallFact.Ending()), at: 606.5)
        stage.close()
        stage.say(.ringing, at: 200_000)
        #expect(Set(stage.told.map(\.subject)).count == 2)
    }

    @Test func aClockThatGoesBackEndsNothingTwice() {
        var stage = Stage()
        stage.say(.ringing, at: 1_000)
        #expect(stage.pass(to: 0).isEmpty)
        stage.say(.connected(nil), at: 10)
        stage.say(.ended(CallFact.Ending()), at: 5)
        stage.close()
        #expect(stage.types.count { $0 == .callEnded } == 1)
        #expect(stage.types.count { $0 == .callSummary } == 1)
    }
}
