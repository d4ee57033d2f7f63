import CallModel
import FoundationEssentials
import Testing

/// Which call to a line a stay in a queue has to do with, by what is known of their times.
extension SwitchboardCallerTests {
    // MARK: - Before and after the bridge

    /// The queue has connected its caller long ago: it rings nobody, and answers nothing.
    @Test(arguments: ["named", "unnamed", "none"])
    func aCallToALineAfterTheCallerWasServedIsMissed(_ agents: String) {
        for called in [one, two, three] {
            var stage = Stage()
            queue(&stage, .queued, at: 0)
            if agents != "none" {
                for (agent, line) in [("a", one), ("b", two)] {
                    queue(&stage, .agentOffered(agent: agent, line: agents == "named" ? line : nil), at: 1)
                }
            }
            line(&stage, .ringing, at: 1.2, on: one)
            queue(&stage, .agentBridged(agent: "a", line: agents == "named" ? one : nil), at: 5)
            line(&stage, .connected(nil), at: 5.1, on: one)
            line(&stage, .ringing, at: 7.5, of: "direct", on: called)
            line(&stage, .ringingStopped, at: 30, of: "direct", on: called)
            stage.pass(to: 40)
            #expect(outcome(stage, called) == .missed, "\(called)")
        }
    }

    /// One that is first heard of when it ends may have begun before.
    @Test func aLineWhoseBeginningWasNotSeenMayHaveBeenServed() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        queue(&stage, .agentBridged(agent: "a", line: one), at: 5)
        line(&stage, .ended(CallFact.Ending()), at: 60, on: one)
        stage.pass(to: 70)
        #expect(outcome(stage, one) == .answered)
    }

    /// Of an agent whose line is not named it is known that he rang when another one answered.
    @Test func aCallThatWasOverBeforeTheCallerWasServedIsMissed() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        queue(&stage, .agentOffered(agent: "a", line: nil), at: 1)
        line(&stage, .ringing, at: 5, of: "direct", on: two)
        line(&stage, .ringingStopped, at: 9, of: "direct", on: two)
        queue(&stage, .agentBridged(agent: "a", line: nil), at: 30)
        stage.pass(to: 40)
        #expect(outcome(stage, two) == .missed)
    }

    /// The line belongs to the stay that waits, not to the one that was served there.
    @Test func aLineThatWasServedRingsForTheNextStay() {
        var stage = Stage()
        queue(&stage, .queued, at: 4, of: "m2")
        queue(&stage, .queued, at: 5, of: "m1")
        queue(&stage, .agentBridged(agent: "a", line: one), at: 6, of: "m1")
        queue(&stage, .agentFailed(agent: "z", outcome: .busy, cause: Cause()), at: 6, of: "m2")
        line(&stage, .ringing, at: 20, on: one)
        queue(&stage, .agentOffered(agent: "a", line: one), at: 20.2, time: 20, of: "m2")
        #expect(session(stage, "call on \(one)") == "m2 session")
    }

    /// And one that goes on ringing then was not his, whenever it began.
    @Test func aCallThatRingsOnAfterTheCallerWasServedIsMissed() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        queue(&stage, .agentBridged(agent: "a", line: one), at: 5)
        line(&stage, .ringingStopped, at: 20, of: "direct", on: one)
        line(&stage, .ringing, at: 21, time: 4, of: "direct", on: one)
        stage.pass(to: 40)
        #expect(outcome(stage, one) == .missed)
    }

    // MARK: - A stay after another

    /// The first stay rang the telephone until 6.
    private func rangBefore(_ stage: inout Stage) {
        queue(&stage, .queued, at: 1, of: "m2")
        queue(&stage, .queued, at: 2, of: "m1")
        queue(&stage, .agentOffered(agent: "a", line: one), at: 3, of: "m1")
        line(&stage, .ringing, at: 3.3, of: "first", on: one)
        queue(&stage, .agentFailed(agent: "a", outcome: .noAnswer, cause: Cause()), at: 6, of: "m1")
        line(&stage, .ringingStopped, at: 6.1, of: "first", on: one)
    }

    /// The line says that it rings before the queue does.
    @Test(arguments: [7.0, 20])
    func aLineRingsForTheStayThatSaysSoNow(_ begins: Double) {
        var stage = Stage()
        rangBefore(&stage)
        line(&stage, .ringing, at: begins, of: "second", on: one)
        queue(&stage, .agentOffered(agent: "a", line: one), at: begins + 0.2, time: begins, of: "m2")
        #expect(session(stage, "second on \(one)") == "m2 session")
        #expect(session(stage, "first on \(one)") == "m1 session")
    }

    /// What a stay says late of a leg that was over is said of an earlier call.
    @Test func anOfferThatComesLateTakesNoLineThatBeganAfterIt() {
        var stage = Stage()
        rangBefore(&stage)
        queue(&stage, .queued, at: 10, of: "m3")
        queue(&stage, .agentFailed(agent: "a", outcome: .noAnswer, cause: Cause()), at: 15, of: "m3")
        line(&stage, .ringing, at: 20, of: "second", on: one)
        #expect(session(stage, "second on \(one)") == "m3 session")
        queue(&stage, .agentOffered(agent: "a", line: one), at: 21, time: 3, of: "m1")
        #expect(session(stage, "second on \(one)") == "m3 session")
    }

    /// But one that comes late of a leg that was over after the line rang is said of it.
    @Test func anOfferThatComesLateTakesTheLineThatRangForIt() {
        var stage = Stage()
        queue(&stage, .queued, at: 1, of: "m1")
        queue(&stage, .queued, at: 2, of: "m2")
        line(&stage, .ringing, at: 3.3, on: one)
        #expect(session(stage, "call on \(one)") == "m2 session")
        queue(&stage, .agentFailed(agent: "a", outcome: .noAnswer, cause: Cause()), at: 6, of: "m1")
        line(&stage, .ringingStopped, at: 6.1, on: one)
        queue(&stage, .agentOffered(agent: "a", line: one), at: 6.5, time: 3, of: "m1")
        #expect(session(stage, "call on \(one)") == "m1 session")
    }

    /// The agent's telephone rings no more when the caller has given up, and that is the first that is heard of it.
    @Test func aLineFirstHeardOfWhenItIsSilentRangForTheStayThatIsOver() {
        var stage = Stage()
        queue(&stage, .queued, at: 0, of: "m1")
        queue(&stage, .queued, at: 1, of: "m2")
        queue(&stage, .agentOffered(agent: "a", line: one), at: 2, of: "m1")
        queue(&stage, .ended(CallFact.Ending(outcome: .abandoned)), at: 9, of: "m1")
        line(&stage, .ringingStopped, at: 9.2, on: one)
        #expect(session(stage, "call on \(one)") == "m1 session")
        // What begins then does not.
        line(&stage, .ringing, at: 9.3, of: "next", on: one)
        #expect(session(stage, "next on \(one)") == "m2 session")
        // Nor is it rung by what is offered later.
        queue(&stage, .queued, at: 12, time: 1, of: "m3")
        queue(&stage, .agentOffered(agent: "a", line: one), at: 12, time: 10.5, of: "m3")
        #expect(session(stage, "call on \(one)") == "m1 session")
    }

    /// The end of a stay is heard of before all else, and the end of the ringing before its beginning.
    @Test func aStayFirstHeardOfWhenItIsOverBeganBefore() {
        for last in [CallFact.Step.queued, .agentFailed(agent: "a", outcome: .answeredElsewhere, cause: Cause())] {
            var stage = Stage()
            line(&stage, .ringingStopped, at: 31, time: 6.1, on: one)
            queue(&stage, .ended(CallFact.Ending(outcome: .answered)), at: 31.1, time: 30)
            line(&stage, .ringing, at: 31.2, time: 1.2, on: one)
            queue(&stage, last, at: 31.3, time: 6)
            #expect(session(stage, "call on \(one)") == "member session")
        }
    }

    /// Whose agent's leg was never told to be over rings nobody for a caller who is offered to the agent later.
    @Test func theLastOfferIsTheOneThatRings() {
        var stage = Stage()
        queue(&stage, .queued, at: 0, of: "m1")
        queue(&stage, .queued, at: 1, of: "m2")
        queue(&stage, .agentOffered(agent: "a", line: one), at: 2, of: "m1")
        line(&stage, .ringing, at: 20, on: one)
        #expect(session(stage, "call on \(one)") == "m1 session")
        queue(&stage, .agentOffered(agent: "a", line: one), at: 20.2, time: 19, of: "m2")
        #expect(session(stage, "call on \(one)") == "m2 session")
        // Also where that is said late, and of neither the one before nor the one after.
        queue(&stage, .queued, at: 40, time: 1, of: "m3")
        queue(&stage, .agentOffered(agent: "a", line: one), at: 41, time: 10, of: "m3")
        queue(&stage, .agentOffered(agent: "a", line: one), at: 42, time: 40, of: "m3")
        #expect(session(stage, "call on \(one)") == "m2 session")
    }

    /// Two stays that ring one agent by turns.
    @Test func theLastOfferOfEachCounts() {
        var stage = Stage()
        queue(&stage, .queued, at: 0, of: "m1")
        queue(&stage, .queued, at: 1, of: "m2")
        for (at, member) in [(2.0, "m1"), (20, "m2"), (30, "m1")] {
            queue(&stage, .agentOffered(agent: "a", line: one), at: at, of: member)
        }
        line(&stage, .ringing, at: 30.3, on: one)
        #expect(session(stage, "call on \(one)") == "m1 session")
    }

    /// A provider gone mad offers one caller to one agent all day.
    @Test func theOffersThatAreRememberedAreBounded() throws {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        for at in 1..<1_000 { queue(&stage, .agentOffered(agent: "a", line: one), at: Double(at)) }
        let stay = try JSONEncoder().encode(stage.tracker.call(named: CallKey(rawValue: "member")))
        #expect(stay.count < 3_000)
    }

    // MARK: - Many calls

    /// A caller who tries once a minute into a queue that rings ten telephones.
    @Test func aCallerWhoTriesAgainAndAgainIsFoundEveryTime() {
        var stage = Stage()
        let lines = (10..<20).map { "+331990000\($0)" }
        for turn in 0..<9 {
            let at = Double(turn) * 60
            let member = "m\(turn)"
            queue(&stage, .queued, at: at, of: member)
            for number in lines {
                queue(&stage, .agentOffered(agent: number, line: number), at: at + 1, of: member)
                line(&stage, .ringing, at: at + 1.2, of: "call \(turn)", on: number, session: "\(turn) \(number)")
            }
            queue(&stage, .agentBridged(agent: lines[0], line: lines[0]), at: at + 6, of: member)
            line(&stage, .connected(nil), at: at + 6.1, of: "call \(turn)", on: lines[0])
            for number in lines.dropFirst() {
                line(&stage, .ringingStopped, at: at + 6.1, of: "call \(turn)", on: number)
            }
            queue(&stage, .ended(CallFact.Ending(outcome: .answered)), at: at + 30, of: member)
            line(&stage, .ended(CallFact.Ending()), at: at + 30, of: "call \(turn)", on: lines[0])
        }
        stage.pass(to: 600)
        let outcomes = stage.told.filter { $0.type == .callSummary }.compactMap { $0.call?.outcome }
        #expect(outcomes.count { $0 == .answeredElsewhere } == 81)
        #expect(!outcomes.contains(.missed))
    }

    /// And so is a line, by a queue that is heard of later.
    @Test func callsThatWereSummedUpMakeRoom() {
        var stage = Stage()
        for call in 0..<70 {
            line(&stage, .ringing, at: Double(call) * 5, of: "call \(call)", on: one)
            line(&stage, .ringingStopped, at: Double(call) * 5 + 1, of: "call \(call)", on: one)
        }
        line(&stage, .ringing, at: 400, on: two)
        queue(&stage, .queued, at: 400.5, time: 399)
        #expect(session(stage, "call on \(two)") == "member session")
    }

    /// However many lines ring, the queue is found by those that are heard of later.
    @Test func aQueueIsFoundAmongManyLines() {
        var stage = Stage()
        for call in 0..<70 { line(&stage, .ringing, at: 1, of: "call \(call)", on: one) }
        queue(&stage, .queued, at: 2, time: 0)
        line(&stage, .ringing, at: 3, on: two)
        #expect(session(stage, "call on \(two)") == "member session")
    }
}
