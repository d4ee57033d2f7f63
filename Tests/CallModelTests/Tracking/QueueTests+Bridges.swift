import CallModel
import Testing

/// Of several bridges one counts, and one that is told may never have been.
extension QueueTests {
    /// The queue tells a bridge before it is tried: one of which nothing more is heard was none where the caller gave
    /// up.
    @Test func aCallerWhoGaveUpWasConnectedToNobody() {
        var stage = queued()
        stage.say(.agentBridged(agent: "a", line: nil), at: 5, time: 5)
        stage.say(.ended(CallFact.Ending(outcome: .abandoned)), at: 6, time: 6)
        #expect(stage.data(.callEnded)?.legs.map(\.outcome) == [.failed])
        #expect(stage.data(.callEnded)?.times.connected == nil)
        // So was one that is heard of later.
        stage.say(.agentBridged(agent: "b", line: nil), at: 7, time: 5)
        stage.close()
        #expect(stage.data(.callSummary)?.legs.map(\.outcome) == [.failed, .failed])
        #expect(stage.data(.callSummary)?.outcome == .abandoned)
    }

    /// The end of which was waited for in vain.
    @Test func aCallerWhoGaveUpAfterAllWasConnectedToNobody() {
        var stage = queued()
        stage.say(.agentBridged(agent: "a", line: nil), at: 5, time: 5)
        stage.pass(to: 50_000)
        stage.say(.ended(CallFact.Ending(outcome: .abandoned)), at: 50_001, time: 6)
        #expect(stage.tracker.call(named: CallKey(rawValue: "call"))?.wasConnected == false)
    }

    /// Somebody served him before he came back and gave up.
    @Test func aBridgeThatHeldStays() {
        var stage = queued()
        stage.say(.agentBridged(agent: "a", line: nil), at: 5, time: 5)
        stage.say(.agentUnbridged(agent: "a", bridged: true), at: 30, time: 30)
        stage.say(.agentBridged(agent: "b", line: nil), at: 31, time: 31)
        stage.say(.ended(CallFact.Ending(outcome: .abandoned)), at: 32, time: 32)
        #expect(stage.data(.callEnded)?.legs.map(\.outcome) == [.answered, .failed])
        #expect(stage.tracker.call(named: CallKey(rawValue: "call"))?.wasConnected == true)
    }

    @Test(arguments: [true, false])
    func theLastBridgeCountsWhicheverIsHeardFirst(_ inOrder: Bool) {
        var stage = queued()
        if inOrder { stage.say(.agentBridged(agent: "a", line: nil), at: 3, time: 3) }
        stage.say(.agentBridged(agent: "b", line: nil), at: 6, time: 6)
        if !inOrder { stage.say(.agentBridged(agent: "a", line: nil), at: 6.5, time: 3) }
        let legs = stage.tracker.liveCalls.first?.data().legs.sorted { $0.agent ?? "" < $1.agent ?? "" }
        #expect(legs?.map(\.outcome) == [.failed, nil])
        #expect(legs?.map(\.state) == [.ended, .connected])
        // Both came to nothing.
        #expect(stage.say(.agentUnbridged(agent: "b", bridged: false), at: 7, time: 7).map(\.type) == [.callCorrected])
    }

    /// The end of the one that counts comes before all.
    @Test func anOlderBridgeIsNoneWhateverIsHeardOfTheOneThatCounts() {
        var stage = queued()
        stage.say(.agentUnbridged(agent: "b", bridged: true), at: 60, time: 60)
        stage.say(.agentBridged(agent: "a", line: nil), at: 60.1, time: 3)
        stage.pass(to: 70)
        #expect(stage.data(.callSummary)?.outcome == .answered)
        #expect(stage.data(.callSummary)?.legs.map(\.outcome) == [.answered, .failed])
    }

    @Test func anOlderBridgeHeardOfAfterTheEndIsNone() {
        var stage = queued()
        stage.say(.agentBridged(agent: "b", line: nil), at: 6, time: 6)
        stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 30, time: 30)
        stage.say(.agentBridged(agent: "a", line: nil), at: 31, time: 3)
        #expect(
            stage.tracker.call(named: CallKey(rawValue: "call"))?.data().legs.map(\.outcome) == [.answered, .failed])
    }

    @Test func anEarlierBridgeTakenBackLateTakesNothingFromALaterOne() {
        var stage = queued()
        stage.say(.agentBridged(agent: "a", line: nil), at: 3)
        stage.say(.agentBridged(agent: "b", line: nil), at: 6)
        stage.say(.agentUnbridged(agent: "b", bridged: true), at: 60)
        let told = stage.say(.agentUnbridged(agent: "a", bridged: false), at: 60.5)
        #expect(!told.map(\.type).contains(.callCorrected))
        stage.pass(to: 70)
        #expect(stage.data(.callSummary)?.outcome == .answered)
    }

    /// What the queue says of one bridge contradicts itself; the next one has an end of its own.
    @Test func aBridgeThatCameToNothingHasNoEnd() {
        var stage = queued()
        stage.say(.agentBridged(agent: "a", line: nil), at: 3, time: 3)
        stage.say(.agentUnbridged(agent: "a", bridged: true), at: 4, time: 4)
        stage.say(.agentUnbridged(agent: "a", bridged: false), at: 5, time: 5)
        stage.say(.agentBridged(agent: "b", line: nil), at: 10, time: 10)
        stage.say(.agentUnbridged(agent: "b", bridged: true), at: 60, time: 60)
        stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 60.1, time: 60)
        #expect(stage.data(.callEnded)?.talk == .seconds(50))
    }

    // MARK: - Doubt

    private func doubted() -> Stage {
        var stage = queued()
        stage.say(.agentBridged(agent: "a", line: nil), at: 3, time: 3)
        stage.say(.agentOffered(agent: "b", line: nil), at: 8, time: 8)
        return stage
    }

    @Test(arguments: [nil, "a"])
    func anEndThatSaysServedConfirmsABridgeThatWasDoubted(_ agent: String?) {
        var stage = doubted()
        let told = stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 60, time: 60) {
            $0.queue = QueueStay(name: "q", agent: agent)
        }
        #expect(told.map(\.type) == [.callConnected, .callEnded])
        #expect(stage.data(.callConnected)?.times.connected == Stage.time(3))
        #expect(stage.data(.callEnded)?.talk == .seconds(57))
        #expect(stage.data(.callEnded)?.legs.map(\.outcome) == [.answered, .answeredElsewhere])
    }

    /// It was another one, of which nothing was heard but this.
    @Test(arguments: ["b", nil])
    func anEndThatSpeaksOfAnotherBridgeConfirmsNone(_ agent: String?) {
        var stage = doubted()
        let told = stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 60, time: 60) {
            $0.queue = QueueStay(name: "q", agent: agent)
            if agent == nil { $0.answered = Stage.time(12) }
        }
        #expect(told.map(\.type) == [.callEnded])
        #expect(stage.data(.callEnded)?.times.connected == (agent == nil ? Stage.time(12) : nil))
    }

    @Test func aBridgeThatHeldIsTheOneThatTheEndSpeaksOf() {
        var stage = doubted()
        stage.say(.agentUnbridged(agent: "b", bridged: true), at: 60, time: 60) { $0.answered = Stage.time(12) }
        stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 60.1, time: 60)
        #expect(stage.data(.callEnded)?.talk == .seconds(48))
    }

    /// The agent has been offered the caller again since, and what is said of the bridge before that comes late.
    @Test func aDoubtIsOverWhenTheBridgeIsTakenBack() {
        var stage = queued()
        stage.say(.agentBridged(agent: "a", line: nil), at: 3, time: 3)
        stage.say(.agentOffered(agent: "a", line: nil), at: 8, time: 8)
        stage.say(.agentUnbridged(agent: "a", bridged: false), at: 8.1, time: 5)
        stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 60, time: 60)
        #expect(stage.data(.callEnded)?.times.connected == nil)
    }

    /// He is rung for a caller who is being connected to another agent, and stays so if that comes to nothing.
    @Test func whoIsOfferedACallerOfAnotherIsRinging() {
        var stage = queued()
        stage.say(.agentBridged(agent: "a", line: nil), at: 3, time: 3)
        stage.say(.agentOffered(agent: "b", line: nil), at: 4, time: 4)
        stage.say(.agentUnbridged(agent: "a", bridged: false), at: 5, time: 5)
        #expect(stage.data(.callCorrected)?.legs.map(\.state) == [.ended, .ringing])
        #expect(stage.data(.callCorrected)?.legs.map(\.outcome) == [.failed, nil])
    }
}
