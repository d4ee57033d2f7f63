import CallModel
import Testing

/// A caller in a queue and the agents who are rung: `docs/events.md`, States and Types.
struct QueueTests {
    func queued() -> Stage {
        var stage = Stage()
        stage.say(.queued, at: 0, time: 0) { $0.queue = QueueStay(name: "q") }
        return stage
    }

    @Test func anOfferIsAnEventOfTheQueueAndALegOfTheCall() {
        var stage = queued()
        #expect(stage.say(.agentOffered(agent: "a", line: "1"), at: 1, time: 1).map(\.type) == [.queueOffered])
        #expect(stage.tracker.liveCalls.first?.state == .queued)
        #expect(
            stage.say(.agentBridged(agent: "a", line: "1"), at: 5, time: 5).first?.call?.legs.map(\.state) == [
                .connected
            ])
    }

    @Test func aFailedOfferEndsTheLegNeverTheCall() {
        var stage = queued()
        stage.say(.agentOffered(agent: "a", line: nil), at: 1)
        let failed = stage.say(.agentFailed(agent: "a", outcome: .busy, cause: Cause(raw: "USER_BUSY")), at: 2)
        #expect(failed.map(\.type) == [.queueOfferFailed])
        #expect(stage.tracker.liveCalls.first?.state == .queued)
    }

    @Test func aFailedOfferOfAnUnknownCallerOpensNoCall() {
        var stage = Stage()
        let told = stage.say(.agentFailed(agent: "a", outcome: .busy, cause: Cause()), at: 0)
        #expect(told.map(\.type) == [.queueOfferFailed])
        #expect(stage.tracker.count == 0)
    }

    @Test func aBridgeThatIsTakenBackPutsTheCallerIntoTheQueueAgain() {
        var stage = queued()
        stage.say(.agentBridged(agent: "a", line: nil), at: 5, time: 5)
        let back = stage.say(.agentUnbridged(agent: "a", bridged: false), at: 6, time: 6)
        #expect(back.map(\.type) == [.callCorrected])
        #expect(back.first?.call?.state == .queued)
        #expect(back.first?.call?.outcome == nil)
        #expect(back.first?.call?.corrects == stage.told.first { $0.type == .callConnected }?.id)
        // The queue's deadline counts again.
        #expect(stage.tracker.nextDeadline() == Stage.time(6 + 3_600))
        stage.say(.ended(CallFact.Ending(outcome: .abandoned)), at: 20, time: 20)
        stage.close()
        #expect(stage.data(.callSummary)?.talk == nil)
        #expect(stage.data(.callSummary)?.wait == .seconds(20))
    }

    /// The stay ended as lost, seemed to be answered after all, and was not.
    @Test func aBridgeThatCameToNothingLeavesTheEndLost() {
        var stage = queued()
        stage.pass(to: 3_650)
        stage.say(.agentBridged(agent: "a", line: nil), at: 3_700, time: 3_700)
        #expect(stage.data(.callCorrected)?.outcome == .answered)
        stage.say(.agentUnbridged(agent: "a", bridged: false), at: 3_703, time: 3_703)
        #expect(stage.data(.callCorrected)?.outcome == .unknown)
        #expect(stage.data(.callCorrected)?.cause?.code == "lost")
        stage.say(.ended(CallFact.Ending(outcome: .abandoned)), at: 3_800, time: 3_800)
        #expect(stage.data(.callCorrected)?.outcome == .abandoned)
    }

    /// Agents who are rung together are offered one by one; the next round comes later, or to the same agent.
    @Test(arguments: [("b", 6.0, true), ("b", 8, true), ("b", 8.5, false), ("a", 6, false)])
    func anOfferToAnotherAgentSoonAfterTheAnswerTakesNothingBack(_ agent: String, _ time: Double, _ stays: Bool) {
        var stage = queued()
        stage.say(.agentOffered(agent: "a", line: nil), at: 3, time: 3)
        stage.say(.agentBridged(agent: "a", line: nil), at: 5, time: 5)
        stage.say(.agentOffered(agent: agent, line: nil), at: 9, time: time)
        #expect((stage.tracker.liveCalls.first?.state == .connected) == stays)
        #expect(stage.types.contains(.callCorrected) == !stays)
        guard stays else { return }
        stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 30, time: 30)
        #expect(stage.data(.callEnded)?.legs.map(\.outcome) == [.answered, .answeredElsewhere])
    }

    /// The offer was no sign that the bridge had come to nothing.
    @Test(arguments: [true, false])
    func aBridgeThatEndsWasOneWhateverAnOfferSeemedToSay(_ tellsAnswer: Bool) {
        var stage = queued()
        stage.say(.agentBridged(agent: "a", line: nil), at: 5, time: 5)
        stage.say(.agentOffered(agent: "b", line: nil), at: 12, time: 12)
        #expect(stage.tracker.liveCalls.first?.state == .queued)
        let told = stage.say(.agentUnbridged(agent: "a", bridged: true), at: 30, time: 30) {
            $0.answered = tellsAnswer ? Stage.time(5) : nil
        }
        #expect(told.map(\.type) == [.callConnected])
        #expect(stage.data(.callConnected)?.times.connected == Stage.time(5))
        stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 30.1, time: 30)
        stage.close()
        #expect(stage.data(.callSummary)?.talk == .seconds(25))
        #expect(stage.data(.callSummary)?.wait == .seconds(5))
    }

    @Test func aBridgeThatIsTakenBackAfterAllIsNone() {
        var stage = queued()
        stage.say(.agentBridged(agent: "a", line: nil), at: 5, time: 5)
        stage.say(.agentOffered(agent: "b", line: nil), at: 12, time: 12)
        stage.say(.agentUnbridged(agent: "a", bridged: false), at: 13, time: 6)
        let told = stage.say(.agentUnbridged(agent: "a", bridged: true), at: 30, time: 30)
        #expect(!told.map(\.type).contains(.callConnected))
    }

    /// The two come from different threads of the provider.
    @Test(arguments: [5.0, 6.0])
    func aBridgeThatWasTakenBackBeforeItCameIsNone(_ end: Double) {
        var stage = queued()
        stage.say(.agentUnbridged(agent: "a", bridged: false), at: 6, time: end)
        stage.say(.agentBridged(agent: "a", line: nil), at: 6.1, time: 5)
        #expect(stage.tracker.liveCalls.first?.state == .queued)
        stage.say(.ended(CallFact.Ending(outcome: .abandoned)), at: 20, time: 20)
        stage.close()
        #expect(stage.data(.callSummary)?.outcome == .abandoned)
        #expect(stage.data(.callSummary)?.talk == nil)
    }

    @Test func anOfferThatComesAfterItsFailureLeavesTheLegEnded() {
        var stage = queued()
        stage.say(.agentFailed(agent: "a", outcome: .busy, cause: Cause()), at: 2, time: 2)
        stage.say(.agentOffered(agent: "a", line: nil), at: 2.1, time: 2)
        stage.say(.ended(CallFact.Ending(outcome: .abandoned)), at: 9, time: 9)
        #expect(stage.data(.callEnded)?.legs.map(\.outcome) == [.busy])
    }

    @Test func everyOfferToOneAgentCounts() {
        var stage = queued()
        stage.say(.agentOffered(agent: "a", line: nil), at: 1, time: 1)
        stage.say(.agentFailed(agent: "a", outcome: .noAnswer, cause: Cause()), at: 16, time: 16)
        stage.say(.agentOffered(agent: "a", line: nil), at: 17, time: 17)
        stage.say(.agentBridged(agent: "a", line: nil), at: 20, time: 20)
        #expect(stage.data(.callConnected)?.legs.count == 1)
        #expect(stage.data(.callConnected)?.legs.first?.state == .connected)
    }

    @Test func theQueueMayForgetToTellTheEnd() {
        var stage = queued()
        stage.say(.agentBridged(agent: "a", line: nil), at: 5, time: 5)
        stage.say(.agentUnbridged(agent: "a", bridged: true), at: 30, time: 30)
        #expect(stage.pass(to: 31.9).isEmpty)
        #expect(stage.pass(to: 32).map(\.type) == [.callEnded, .callSummary])
        #expect(stage.data(.callSummary)?.outcome == .answered)
        #expect(stage.data(.callSummary)?.talk == .seconds(25))
    }

    @Test func anEndThatSaysServedNeedsNoBridge() {
        var stage = queued()
        stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 40, time: 40) { $0.answered = Stage.time(9) }
        stage.close()
        #expect(stage.data(.callSummary)?.outcome == .answered)
        #expect(stage.data(.callSummary)?.wait == .seconds(9))
        #expect(stage.data(.callSummary)?.talk == .seconds(31))
    }

    @Test func aServedCallerOfWhomTheAnswerIsNotKnownWaitedUnknownLong() {
        var stage = queued()
        stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 40, time: 40)
        stage.close()
        #expect(stage.data(.callSummary)?.wait == nil)
        #expect(stage.data(.callSummary)?.talk == nil)
    }

    @Test func aCallerWhoComesBackIsANewCall() {
        var stage = queued()
        stage.say(.ended(CallFact.Ending(outcome: .abandoned)), at: 30, time: 30)
        stage.say(.queued, at: 60, time: 60) { $0.queue = QueueStay(name: "q") }
        #expect(stage.tracker.liveCalls.first?.state == .queued)
        #expect(Set(stage.told.map(\.subject)).count == 2)
        // A start that was only late is not a return.
        var late = Stage()
        late.say(.ended(CallFact.Ending(outcome: .abandoned)), at: 30, time: 30)
        late.say(.queued, at: 31, time: 0)
        #expect(Set(late.told.map(\.subject)).count == 1)
    }

    @Test func aQueuesCountNeedsNoCall() {
        var stage = Stage()
        let told = stage.observe(.queueCount(queue: "q", waiting: 0), at: 0)
        #expect(told.map(\.type) == [.queueCount])
        #expect(told.first?.subject == "q")
    }

    @Test func theAgentsOfAQueueGoneMadAreBounded() {
        var stage = queued()
        for agent in 0..<1_000 { stage.say(.agentOffered(agent: "agent \(agent)", line: nil), at: 1, time: 1) }
        stage.say(.ended(CallFact.Ending(outcome: .abandoned)), at: 2, time: 2)
        #expect(stage.data(.callEnded)?.legs.count == EventEncoder.maximumLegs)
    }
}
