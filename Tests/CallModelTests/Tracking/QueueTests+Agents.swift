import CallModel
import Testing

/// What the end of a stay says of its agents.
extension QueueTests {
    private func outcomes(_ data: CallData?) -> [String] {
        data?.legs.map { "\($0.agent ?? "") \($0.outcome?.rawValue ?? $0.state.rawValue)" } ?? []
    }

    private func served(_ stage: inout Stage, by agent: String, at: Double, answered: Double?) {
        stage.say(.ended(CallFact.Ending(outcome: .answered)), at: at, time: at) {
            $0.queue = QueueStay(name: "q", agent: agent)
            $0.answered = answered.map(Stage.time)
        }
    }

    // MARK: - Who served

    /// Nothing is heard of the bridge: the end names the agent.
    @Test(arguments: [9.0, nil])
    func theEndSaysWhoServed(_ answered: Double?) {
        var stage = queued()
        for agent in ["a", "b"] { stage.say(.agentOffered(agent: agent, line: nil), at: 1, time: 1) }
        served(&stage, by: "a", at: 40, answered: answered)
        #expect(outcomes(stage.data(.callEnded)) == ["a answered", "b answered_elsewhere"])
        #expect(stage.data(.callEnded)?.queue?.agent == "a")
    }

    /// The end comes when the stay counts as lost.
    @Test func theEndSaysLateWhoServed() {
        var stage = queued()
        for agent in ["a", "b"] { stage.say(.agentOffered(agent: agent, line: nil), at: 1, time: 1) }
        stage.pass(to: 3_700)
        served(&stage, by: "a", at: 3_800, answered: 9)
        #expect(stage.data(.callCorrected)?.outcome == .answered)
        #expect(stage.data(.callCorrected)?.legs.first?.outcome == .answered)
        #expect(stage.data(.callCorrected)?.queue?.agent == "a")
    }

    /// He could not be had before, or somebody else's bridge is not known to have come to nothing.
    @Test func theEndKnowsBetterThanWhatWasBeforeTheAnswer() {
        var stage = queued()
        stage.say(.agentFailed(agent: "a", outcome: .noAnswer, cause: Cause()), at: 3, time: 3)
        stage.say(.agentBridged(agent: "b", line: nil), at: 5, time: 5)
        served(&stage, by: "a", at: 40, answered: 9)
        #expect(outcomes(stage.data(.callEnded)) == ["a answered", "b failed"])
        #expect(stage.data(.callEnded)?.queue?.agent == "a")
        #expect(stage.data(.callEnded)?.talk == .seconds(31))
    }

    /// A bridge that was taken back since is none, whatever name is left at the end.
    @Test func whoWasTakenBackDidNotServe() {
        var stage = queued()
        stage.say(.agentBridged(agent: "a", line: nil), at: 9, time: 9)
        stage.say(.agentUnbridged(agent: "a", bridged: false), at: 10, time: 10)
        served(&stage, by: "a", at: 40, answered: 9)
        #expect(outcomes(stage.data(.callEnded)) == ["a failed"])
        #expect(stage.data(.callEnded)?.queue?.agent == nil)
    }

    // MARK: - Who was given up on

    /// The caller hung up while he was being connected. Two events of one moment come in either order.
    @Test(arguments: [true, false])
    func whoeverRangWhenTheCallerGaveUpLostHimForGood(_ isEndFirst: Bool) {
        var stage = queued()
        for agent in ["a", "b", "c"] { stage.say(.agentOffered(agent: agent, line: nil), at: 1, time: 1) }
        stage.say(.agentBridged(agent: "a", line: nil), at: 9, time: 9)
        stage.say(.agentFailed(agent: "c", outcome: .answeredElsewhere, cause: Cause()), at: 9, time: 9)
        let end = CallFact.Step.ended(CallFact.Ending(outcome: .abandoned))
        let failed = CallFact.Step.agentFailed(agent: "b", outcome: .abandoned, cause: Cause())
        let order: [CallFact.Step] = isEndFirst ? [end, failed] : [failed, end]
        for (place, step) in order.enumerated() {
            stage.say(step, at: 10 + Double(place) / 50, time: 10)
        }
        stage.close()
        #expect(outcomes(stage.data(.callSummary)) == ["a failed", "b abandoned", "c answered_elsewhere"])
    }

    /// The bridge came to nothing, and the next one did not.
    @Test(arguments: [true, false], [true, false])
    func whoeverRangLostTheCallerToWhoServesHim(_ isFailureFirst: Bool, _ isServed: Bool) {
        var stage = queued()
        for agent in ["a", "b"] { stage.say(.agentOffered(agent: agent, line: nil), at: 1, time: 1) }
        stage.say(.agentBridged(agent: "a", line: nil), at: 9, time: 9)
        let back = CallFact.Step.agentUnbridged(agent: "a", bridged: false)
        let failed = CallFact.Step.agentFailed(agent: "b", outcome: .abandoned, cause: Cause())
        for step in isFailureFirst ? [failed, back] : [back, failed] { stage.say(step, at: 10, time: 10) }
        #expect(stage.tracker.liveCalls.first.map { outcomes($0.data()) } == ["a failed", "b abandoned"])
        if isServed {
            stage.say(.agentBridged(agent: "c", line: nil), at: 20, time: 20)
            #expect(outcomes(stage.data(.callConnected)) == ["a failed", "b answered_elsewhere", "c connected"])
        } else {
            stage.say(.ended(CallFact.Ending(outcome: .abandoned)), at: 20, time: 20)
            #expect(outcomes(stage.data(.callEnded)) == ["a failed", "b abandoned"])
        }
    }
}
