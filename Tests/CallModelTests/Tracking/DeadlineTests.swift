import CallModel
import Testing

/// `docs/events.md`, States, rules 2 and 5: deadlines, the end in two phases, corrections.
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

    @Test func anAnswerAfterALossCorrects() {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        stage.pass(to: 200)
        let answered = stage.say(.connected(nil), at: 300, time: 299)
        #expect(answered.map(\.type) == [.callCorrected])
        #expect(answered.first?.call?.outcome == .answered)
        #expect(answered.first?.call?.basis == .reported)
        #expect(answered.first?.call?.cause == nil)
        #expect(answered.first?.call?.times.ended == nil)
        let ended = stage.say(.ended(CallFact.Ending()), at: 400, time: 399)
        #expect(ended.map(\.type) == [.callCorrected])
        #expect(ended.first?.call?.talk == .seconds(100))
    }

    /// For OVH that is the end of a call nobody answered, and all it says of it.
    @Test(arguments: [181.0, 300])
    func aRingingThatStopsAfterALossCorrectsUnlessSomethingFollows(_ stop: Double) {
        for isAnswered in [false, true] {
            var stage = Stage()
            stage.say(.ringing, at: 0, time: 0)
            stage.say(.ringingStopped, at: stop, time: stop)
            #expect(!stage.types.contains(.callCorrected))
            if isAnswered { stage.say(.connected(nil), at: stop + 0.5, time: stop) }
            stage.pass(to: stop + 3)
            let last = stage.told.last { $0.call?.outcome != nil }
            #expect(last?.call?.outcome == (isAnswered ? .answered : .missed))
            #expect(last?.call?.cause == nil)
            #expect(stage.types.count { $0 == .callCorrected } == (stop > 182 ? 1 : 0))
            stage.close()
            #expect(stage.tracker.count == 0)
        }
    }

    /// Of a call that was answered only the end was lost, and it still is.
    @Test func anAnswerThatWasKnownFindsNoLostEnd() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0, time: 0)
        stage.pass(to: 50_000)
        stage.say(.held, at: 50_001, time: 50_000)
        #expect(!stage.types.contains(.callCorrected))
        #expect(stage.data(.callSummary)?.cause?.code == "lost")
    }

    @Test func anAnswerAfterALossIsAnsweredElsewhereForTheOthers() {
        var stage = Stage()
        for call in ["one", "two"] { stage.say(.ringing, of: call, at: 0, time: 0) { $0.session = "s" } }
        stage.say(.ended(CallFact.Ending()), of: "two", at: 5, time: 5) { $0.session = "s" }
        stage.pass(to: 200)
        let told = stage.say(.connected(nil), of: "one", at: 300, time: 299) { $0.session = "s" }
        #expect(told.compactMap(\.call?.outcome) == [.answered, .answeredElsewhere])
    }

    private func subjects(_ stage: Stage) -> Int { Set(stage.told.map(\.subject)).count }

    /// `lost` by a deadline, or ended by silence: nobody said so.
    private func endedUntold(isLost: Bool) -> Stage {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        if !isLost { stage.say(.ringingStopped, at: 5, time: 5) }
        return stage
    }

    @Test(arguments: [true, false])
    func anEndThatWasNeverToldIsWaitedFor(_ isLost: Bool) {
        var stage = endedUntold(isLost: isLost)
        let late = stage.say(.ended(CallFact.Ending()), at: 70_000, time: 70_000)
        #expect(late.map(\.type) == [.callCorrected])
        if !isLost { #expect(late.first?.call?.outcome == .answered) }
        #expect(subjects(stage) == 1)
        // Told at last, it is forgotten like any other.
        stage.pass(to: 70_601)
        #expect(stage.tracker.count == 0)
    }

    @Test(arguments: [true, false])
    func anEndThatWasNeverToldIsNotWaitedForForever(_ isLost: Bool) {
        var stage = endedUntold(isLost: isLost)
        stage.pass(to: 86_400 + 200)
        #expect(stage.tracker.count == 0)
    }

    /// One without a time of the provider's begins one too.
    @Test(arguments: [(true, 1_800.0 as Double?), (false, 1_800), (true, nil), (false, nil)])
    func aBeginningUnderTheNameOfACallThatIsLongOverIsAnotherCall(_ isLost: Bool, _ time: Double?) {
        var stage = endedUntold(isLost: isLost)
        #expect(stage.say(.ringing, at: 1_800, time: time).map(\.type) == [.callRinging])
        #expect(subjects(stage) == 2)
        // The name is the new call's, and nothing of the old one is left to be corrected.
        stage.say(.connected(nil), at: 1_810, time: time.map { $0 + 10 })
        stage.say(.ended(CallFact.Ending()), at: 1_820, time: time.map { $0 + 20 })
        stage.close()
        #expect(!stage.types.contains(.callCorrected))
        #expect(stage.data(.callSummary)?.outcome == .answered)
    }

    @Test func aBeginningThatTheProviderDatesBeforeTheEndIsLateNews() {
        var stage = endedUntold(isLost: false)
        #expect(stage.say(.ringing, at: 1_800, time: 1).isEmpty)
        #expect(subjects(stage) == 1)
    }

    /// A telephone that rang half an hour ago is not answered now; it may be told late.
    @Test(arguments: [(6.0, 1), (1_800, 2)], [true, false])
    func anAnswerLongAfterTheRingingIsAnotherCall(_ answer: (time: Double, calls: Int), _ isLost: Bool) {
        var stage = endedUntold(isLost: isLost)
        stage.say(.connected(nil), at: 1_800, time: answer.time)
        #expect(subjects(stage) == answer.calls)
    }

    @Test func aRestartKeepsWhatIsWaitedFor() throws {
        var stage = endedUntold(isLost: false)
        stage.pass(to: 2_000)
        let stored = stage.tracker.takeChanges()
        var later = Stage()
        later.tracker.restore(stored.changed, general: stored.general, now: Stage.time(2_100), grace: .minutes(1))
        let corrected = later.say(.ended(CallFact.Ending()), at: 2_200, time: 2_200)
        #expect(corrected.map(\.type) == [.callCorrected])
        #expect(corrected.first?.subject == stage.told.first?.subject)
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
