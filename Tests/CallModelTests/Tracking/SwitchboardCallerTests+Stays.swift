import CallModel
import Testing

/// Which stay a line rings for, where there is more than one in the course of time, and by clocks of two machines.
extension SwitchboardCallerTests {
    // MARK: - Lines that rang before

    /// Whoever talks to the caller when he joins the queue is not rung by it, busy as he is.
    @Test func aCallFromBeforeTheStayAnswersNothing() {
        var stage = Stage()
        line(&stage, .ringing, at: 0, of: "direct", on: one)
        line(&stage, .connected(nil), at: 3, of: "direct", on: one)
        queue(&stage, .queued, at: 20)
        queue(&stage, .agentOffered(agent: "a", line: one), at: 21)
        queue(&stage, .agentOffered(agent: "b", line: two), at: 21)
        queue(&stage, .agentFailed(agent: "a", line: one, outcome: .busy, cause: Cause()), at: 21.1)
        line(&stage, .ringing, at: 21.4, on: two)
        line(&stage, .ringingStopped, at: 40, on: two)
        queue(&stage, .ended(CallFact.Ending(outcome: .abandoned)), at: 40.5)
        stage.pass(to: 50)
        #expect(outcome(stage, two) == .missed)
    }

    /// The end of the first call was lost: it stays with the stay that it was for, also when that is forgotten.
    @Test(arguments: [300.0, 1_200])
    func aLineIsNotTakenByALaterStay(_ later: Double) {
        var stage = Stage()
        queue(&stage, .queued, at: 0, of: "m1")
        queue(&stage, .agentOffered(agent: "a", line: one), at: 1, of: "m1")
        line(&stage, .ringing, at: 1.4, of: "first", on: one)
        queue(&stage, .agentBridged(agent: "a", line: one), at: 6, of: "m1")
        line(&stage, .connected(nil), at: 6, of: "first", on: one)
        queue(&stage, .ended(CallFact.Ending(outcome: .answered)), at: 60, of: "m1")
        queue(&stage, .queued, at: later, of: "m2")
        queue(&stage, .agentOffered(agent: "a", line: one), at: later + 1, of: "m2")
        queue(&stage, .agentOffered(agent: "b", line: two), at: later + 1, of: "m2")
        line(&stage, .ringing, at: later + 1.4, of: "second", on: two)
        line(&stage, .ringingStopped, at: later + 16, of: "second", on: two)
        queue(&stage, .ended(CallFact.Ending(outcome: .abandoned)), at: later + 16, of: "m2")
        stage.pass(to: later + 30)
        #expect(session(stage, "first on \(one)") == "m1 session")
        #expect(outcome(stage, two) == .missed)
    }

    /// Who waited all the time and is offered the line when the stay that it was for is forgotten does not take it.
    @Test func aLineStaysWithAStayThatIsForgotten() {
        var stage = Stage()
        queue(&stage, .queued, at: 0, of: "m2")
        queue(&stage, .queued, at: 0.5, of: "m1")
        queue(&stage, .agentOffered(agent: "a", line: one), at: 1, of: "m1")
        line(&stage, .ringing, at: 1.4, on: one)
        queue(&stage, .agentBridged(agent: "a", line: one), at: 6, of: "m1")
        line(&stage, .connected(nil), at: 6, on: one)
        queue(&stage, .ended(CallFact.Ending(outcome: .answered)), at: 60, of: "m1")
        stage.pass(to: 1_200)
        #expect(stage.tracker.call(named: CallKey(rawValue: "m1")) == nil)
        #expect(stage.tracker.call(named: CallKey(rawValue: "m2"))?.isOpen == true)
        queue(&stage, .agentOffered(agent: "a", line: one), at: 1_201, of: "m2")
        #expect(session(stage, "call on \(one)") == "m1 session")
    }

    /// All that lines say comes when the next stay waits already.
    @Test(arguments: [30.0, 40])
    func linesThatAreHeardLateAreNotTakenEither(_ late: Double) {
        var stage = Stage()
        queue(&stage, .queued, at: 0, of: "m1")
        queue(&stage, .agentOffered(agent: "a", line: one), at: 1, of: "m1")
        queue(&stage, .ended(CallFact.Ending(outcome: .abandoned)), at: 10, of: "m1")
        queue(&stage, .queued, at: 30, of: "m2")
        queue(&stage, .agentOffered(agent: "a", line: one), at: 31, of: "m2")
        line(&stage, .ringing, at: 1.4 + late, time: 1.4, of: "first", on: one)
        queue(&stage, .agentBridged(agent: "a", line: one), at: 45, time: 36, of: "m2")
        line(&stage, .ringingStopped, at: 10.4 + late, time: 10.4, of: "first", on: one)
        stage.pass(to: 60)
        #expect(session(stage, "first on \(one)") == "m1 session")
        #expect(outcome(stage, one) == .missed)
    }

    // MARK: - Two machines

    /// Who lost the race, by the clock of a queue that is so far from that of the lines.
    @Test(arguments: [-9, -3, -1, 1, 3, 9], [0.0, 4])
    func theClockOfTheQueueNeedNotBeThatOfTheLines(_ skew: Double, _ late: Double) {
        var stage = Stage()
        func queued(_ step: CallFact.Step, at: Double) { queue(&stage, step, at: at, time: at + skew) }
        queued(.queued, at: 10)
        queued(.agentOffered(agent: "a", line: one), at: 11)
        queued(.agentOffered(agent: "b", line: two), at: 11)
        line(&stage, .ringing, at: 11.4, on: one)
        line(&stage, .ringing, at: 11.4, of: "other", on: two)
        line(&stage, .connected(nil), at: 16, of: "other", on: two)
        queued(.agentBridged(agent: "b", line: two), at: 16.1)
        line(&stage, .ringingStopped, at: 16.2 + late, time: 16.2, on: one)
        stage.pass(to: 30)
        #expect(outcome(stage, one) == .answeredElsewhere)
    }

    /// By the clock of the lines it is certain who rang after the answer, however late that is heard.
    @Test func whoRingsAfterTheAnswerOfTheLineIsNotTheQueues() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        queue(&stage, .agentOffered(agent: "a", line: one), at: 1)
        line(&stage, .ringing, at: 1.4, on: one)
        line(&stage, .connected(nil), at: 6, on: one)
        line(&stage, .ringing, at: 9, of: "direct", on: two)
        queue(
            &stage, .agentFailed(agent: "b", line: two, outcome: .answeredElsewhere, cause: Cause()), at: 9.5, time: 6)
        queue(&stage, .agentBridged(agent: "a", line: one), at: 9.5, time: 6)
        line(&stage, .ringingStopped, at: 20, of: "direct", on: two)
        stage.pass(to: 30)
        #expect(outcome(stage, two) == .missed)
    }

    // MARK: - What agents' failures tell

    /// The offer was lost: who could not be had was rung.
    @Test func aFailureNamesTheLineThatRang() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        line(&stage, .ringing, at: 1.4, on: one)
        line(&stage, .ringingStopped, at: 21, on: one)
        queue(&stage, .agentFailed(agent: "a", line: one, outcome: .noAnswer, cause: Cause()), at: 21.1)
        queue(&stage, .agentOffered(agent: "b", line: two), at: 24)
        queue(&stage, .agentBridged(agent: "b", line: two), at: 30)
        stage.pass(to: 40)
        #expect(outcome(stage, one) == .answeredElsewhere)
    }

    /// And takes the line from a stay that does not name it.
    @Test func aFailureTakesTheLine() {
        var stage = Stage()
        linkedWithTheWrongOne(&stage)
        queue(&stage, .agentFailed(agent: "a", line: one, outcome: .noAnswer, cause: Cause()), at: 20, of: "m1")
        #expect(session(stage, "call on \(one)") == "m1 session")
    }

    /// One that could not be had before the line rang has nothing to do with it.
    @Test func aFailureThatIsHeardLateTakesNoLineThatRangAfterIt() {
        var stage = Stage()
        queue(&stage, .queued, at: 0, of: "m1")
        queue(&stage, .queued, at: 25, of: "m2")
        line(&stage, .ringing, at: 26.4, on: one)
        queue(&stage, .agentFailed(agent: "a", line: one, outcome: .busy, cause: Cause()), at: 30, time: 10, of: "m1")
        #expect(session(stage, "call on \(one)") == "m2 session")
    }

    // MARK: - Ties

    /// Two stays that began in one second: the one that was heard of last, whatever numbers are in it.
    @Test(arguments: ["m1", "m2", "m3", "m4", "m5", "m6"])
    func whatIsEqualGoesByTheOrderOfArrival(_ other: String) {
        for (first, second) in [("member", other), (other, "member")] {
            var stage = Stage()
            queue(&stage, .queued, at: 0, of: first)
            queue(&stage, .queued, at: 0, of: second)
            line(&stage, .ringing, at: 1, on: one)
            #expect(session(stage, "call on \(one)") == "\(second) session")
        }
    }
}
