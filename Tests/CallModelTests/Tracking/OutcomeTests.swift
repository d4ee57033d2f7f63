import CallModel
import Testing

/// `docs/events.md`, Sessions and outcomes: every line of the table.
struct OutcomeTests {
    private func outcome(
        _ direction: Direction = .inbound, _ steps: CallFact.Step..., ending: CallFact.Ending = CallFact.Ending()
    ) -> CallData? {
        var stage = Stage()
        for (index, step) in steps.enumerated() { stage.say(step, at: Double(index) * 10, direction: direction) }
        stage.say(.ended(ending), at: 100, direction: direction)
        stage.close()
        return stage.data(.callSummary)
    }

    @Test func answered() {
        #expect(outcome(.inbound, .ringing, .connected(nil))?.outcome == .answered)
        #expect(outcome(.inbound, .ringing, .connected(.person))?.outcome == .answered)
        #expect(outcome(.inbound, .ringing, .connected(.unknown))?.outcome == .answered)
        #expect(outcome(.inbound, .ringing, .connected(nil))?.basis == .reported)
    }

    @Test(arguments: [AnsweredBy.voicemail, .machine])
    func voicemail(_ answeredBy: AnsweredBy) {
        let data = outcome(.inbound, .ringing, .connected(answeredBy))
        #expect(data?.outcome == .voicemail)
        #expect(data?.answeredBy == answeredBy)
    }

    @Test func voicemailIsTheFirstConnectionNotALaterOne() {
        #expect(outcome(.inbound, .ringing, .connected(.person), .connected(.voicemail))?.outcome == .answered)
    }

    @Test func missed() {
        let data = outcome(.inbound, .ringing)
        #expect(data?.outcome == .missed)
        #expect(data?.basis != .reported)
    }

    @Test func abandoned() {
        let cause = Cause(code: "break_out", raw: "BREAK_OUT")
        let data = outcome(.inbound, .queued, ending: CallFact.Ending(outcome: .abandoned, cause: cause))
        #expect(data?.outcome == .abandoned)
        #expect(data?.cause == cause)
        #expect(data?.basis == .reported)
    }

    @Test func noAnswer() {
        #expect(outcome(.outbound, .initiated)?.outcome == .noAnswer)
        #expect(outcome(.outbound, .ringing)?.basis != .reported)
    }

    @Test(arguments: [Outcome.busy, .rejected, .cancelled, .failed, .blocked])
    func whatTheProviderSays(_ said: Outcome) {
        let data = outcome(.outbound, .initiated, ending: CallFact.Ending(outcome: said))
        #expect(data?.outcome == said)
        #expect(data?.basis == .reported)
    }

    @Test func cancelledByUs() {
        #expect(outcome(.outbound, .ringing, .hangUpRequested)?.outcome == .cancelled)
        #expect(outcome(.outbound, .ringing, .connected(nil), .hangUpRequested)?.outcome == .answered)
        // What a status says between the request and the end is only passed on.
        #expect(outcome(.outbound, .ringing, .hangUpRequested, .connected(nil))?.outcome == .cancelled)
    }

    @Test func unknownWhereNothingExplainsTheEnd() {
        #expect(outcome(.unknown, .initiated)?.outcome == .unknown)
        #expect(outcome(.inbound, .ringing, ending: CallFact.Ending(unanswered: .unknown))?.outcome == .unknown)
    }

    /// The answer may have been in what was not seen.
    @Test func unknownWhereTheBeginningWasNotSeen() {
        #expect(outcome(.inbound)?.outcome == .unknown)
        #expect(outcome(.outbound)?.outcome == .unknown)
    }

    @Test func ringingThatStopsEndsTheCallOnlyIfNothingFollows() {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        stage.say(.ringingStopped, at: 10, time: 10)
        #expect(stage.pass(to: 11.9).isEmpty)
        #expect(stage.pass(to: 12).map(\.type) == [.callEnded, .callSummary])
        #expect(stage.data(.callSummary)?.outcome == .missed)
        #expect(stage.data(.callSummary)?.times.ended == Stage.time(10))
    }

    @Test(arguments: [1.0, 2.0])
    func anAnswerWithinTheWindowTakesTheStopBack(_ delay: Double) {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        stage.say(.ringingStopped, at: 10)
        stage.say(.connected(nil), at: 10 + delay - 0.001)
        stage.pass(to: 1_000)
        #expect(stage.tracker.liveCalls.count == 1)
        #expect(!stage.types.contains(.callEnded))
    }

    @Test func aRingingThatStoppedWithoutEverBeingSeenSaysNothingOfMissed() {
        var stage = Stage()
        stage.say(.ringingStopped, at: 0)
        #expect(stage.told.isEmpty)
        #expect(stage.tracker.liveCalls.isEmpty)
        stage.close()
        #expect(stage.types == [.callEnded, .callSummary])
        #expect(stage.data(.callSummary)?.outcome == .unknown)
    }

    @Test(arguments: [true, false])
    func aLineReleasedLongAfterItsRingingStoppedWasTalking(_ inOrder: Bool) {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        if inOrder { stage.say(.ringingStopped, at: 5, time: 5) }
        stage.say(.ended(CallFact.Ending()), at: 60, time: 60)
        if !inOrder { stage.say(.ringingStopped, at: 61, time: 5) }
        stage.close()
        let last = stage.data(inOrder ? .callCorrected : .callSummary)
        #expect(last?.outcome == .answered)
        #expect(last?.basis != .reported)
        // The answer itself was not seen: how long they talked is not known.
        #expect(last?.talk == nil)
    }
}
