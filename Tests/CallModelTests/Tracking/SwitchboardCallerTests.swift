import CallModel
import Testing

/// Several people who call at once from one number: a queue and lines are linked by it, and what becomes of one of
/// them says nothing of the others.
struct SwitchboardCallerTests {
    func queue(
        _ stage: inout Stage, _ step: CallFact.Step, at: Double, time: Double? = nil, of member: String = "member",
        session: String? = "session"
    ) {
        stage.say(step, of: member, at: at, time: time ?? at) {
            $0.queue = QueueStay(name: "+33199000100")
            $0.session = session.map { "\(member) \($0)" }
        }
    }

    func line(
        _ stage: inout Stage, _ step: CallFact.Step, at: Double, time: Double? = nil, of call: String = "call",
        on number: String, session: String? = nil
    ) {
        stage.say(step, of: "\(call) on \(number)", at: at, time: time ?? at) {
            $0.local = Party(number: number, kind: .e164, line: number)
            $0.session = session ?? "\(call) session"
        }
    }

    func outcome(_ stage: Stage, _ line: String) -> Outcome? {
        stage.told.last { $0.call?.local?.line == line && $0.call?.outcome != nil }?.call?.outcome
    }

    func session(_ stage: Stage, _ key: String) -> String? {
        stage.tracker.call(named: CallKey(rawValue: key))?.session
    }

    let one = "+33199000001"
    let two = "+33199000002"
    let three = "+33199000003"

    @Test func aMissedCallIsMissedWhileAStrangerWaits() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        queue(&stage, .agentOffered(agent: "a", line: one), at: 2)
        line(&stage, .ringing, at: 5, of: "second", on: two)
        line(&stage, .ringing, at: 6, of: "third", on: three)
        line(&stage, .connected(nil), at: 9, of: "third", on: three)
        line(&stage, .ended(CallFact.Ending()), at: 20, of: "second", on: two)
        queue(&stage, .agentBridged(agent: "a", line: one), at: 30)
        stage.pass(to: 40)
        #expect(outcome(stage, two) == .missed)
        // They stay linked: there is nothing to tell them apart by.
        #expect(session(stage, "second on \(two)") == "member session")
    }

    /// A queue that says nothing of agents has connected nobody that we know of.
    @Test func aCallToAnotherLineDoesNotAnswerAQueue() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        line(&stage, .connected(nil), at: 4, on: two)
        queue(&stage, .ended(CallFact.Ending(unanswered: .unknown)), at: 30)
        stage.pass(to: 40)
        #expect(stage.data(.callSummary)?.outcome == .unknown)
    }

    /// An agent whose line is not named may be any.
    @Test func anAgentWithoutALineMayBeAnybody() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        line(&stage, .ringing, at: 1, on: two)
        line(&stage, .ringingStopped, at: 5, on: two)
        queue(&stage, .agentBridged(agent: "b", line: three), at: 5.2, time: 5)
        queue(&stage, .agentFailed(agent: "a", outcome: .answeredElsewhere, cause: Cause()), at: 6)
        stage.pass(to: 10)
        #expect(outcome(stage, two) == .answeredElsewhere)
        // And here it is named after all, late and out of order.
        queue(&stage, .agentOffered(agent: "a", line: one), at: 11, time: 1)
        #expect(outcome(stage, two) == .missed)
    }

    /// The offer comes when all is over: who was rung is known from it.
    @Test func anOfferHeardOfAfterTheEndNamesALine() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        line(&stage, .ringing, at: 1, on: two)
        line(&stage, .ringingStopped, at: 5, on: two)
        queue(&stage, .agentBridged(agent: "b", line: three), at: 5)
        queue(&stage, .ended(CallFact.Ending(outcome: .answered)), at: 8)
        stage.pass(to: 12)
        #expect(outcome(stage, two) == .missed)
        queue(&stage, .agentOffered(agent: "a", line: two), at: 13, time: 1)
        #expect(outcome(stage, two) == .answeredElsewhere)
    }

    // MARK: - Two stays

    /// Two stays; the telephone rings for the first, and says so before the first does.
    func linkedWithTheWrongOne(_ stage: inout Stage) {
        queue(&stage, .queued, at: 0, of: "m1")
        queue(&stage, .queued, at: 5, of: "m2")
        line(&stage, .ringing, at: 6.4, on: one)
        #expect(session(stage, "call on \(one)") == "m2 session")
    }

    @Test func aQueueThatNamesTheLineTakesItFromOneThatDoesNot() {
        var stage = Stage()
        linkedWithTheWrongOne(&stage)
        queue(&stage, .agentOffered(agent: "a", line: one), at: 6.5, time: 6, of: "m1")
        #expect(session(stage, "call on \(one)") == "m1 session")
        #expect(stage.data(.callUpdated)?.session == "m1 session")
        #expect(
            stage.data(.callUpdated)?.basis
                == .inferred(why: "linked with a queue by the caller's number and the time"))
        line(&stage, .ringingStopped, at: 9, on: one)
        queue(&stage, .agentBridged(agent: "a", line: one), at: 9.3, time: 9, of: "m1")
        stage.pass(to: 20)
        #expect(outcome(stage, one) == .answered)
        // Named by the other one as well, it stays where it is.
        queue(&stage, .agentOffered(agent: "a", line: one), at: 21, time: 8, of: "m2")
        #expect(session(stage, "call on \(one)") == "m1 session")
    }

    /// The queue that was thought to be served is put right too.
    @Test func theQueueThatLosesTheLineIsReconsidered() {
        var stage = Stage()
        queue(&stage, .queued, at: 0, of: "m1")
        queue(&stage, .queued, at: 5, of: "m2")
        queue(&stage, .agentFailed(agent: "z", outcome: .busy, cause: Cause()), at: 6, of: "m2")
        line(&stage, .ringing, at: 6.4, on: one)
        line(&stage, .connected(nil), at: 9, on: one)
        queue(&stage, .ended(CallFact.Ending(unanswered: .unknown)), at: 10, of: "m2")
        stage.pass(to: 13)
        #expect(stage.data(.callSummary)?.outcome == .answered)
        queue(&stage, .agentBridged(agent: "a", line: one), at: 14, time: 9, of: "m1")
        #expect(stage.data(.callCorrected)?.outcome == .unknown)
        #expect(stage.data(.callCorrected)?.session == "m2 session")
    }

    /// One CallId on two telephones is one call, wherever it belongs.
    @Test func whatSharesTheLinesOwnSessionComesAlong() {
        var stage = Stage()
        queue(&stage, .queued, at: 0, of: "m1")
        queue(&stage, .queued, at: 5, of: "m2")
        line(&stage, .ringing, at: 6.4, on: one)
        line(&stage, .ringing, at: 6.4, on: two)
        queue(&stage, .agentOffered(agent: "a", line: one), at: 6.5, time: 6, of: "m1")
        #expect(session(stage, "call on \(one)") == "m1 session")
        #expect(session(stage, "call on \(two)") == "m1 session")
        // One more of them, that comes later, is where the others are.
        line(&stage, .ringing, at: 7, on: three)
        #expect(session(stage, "call on \(three)") == "m1 session")
        #expect(Set(stage.told.map(\.id)).count == stage.told.count)
    }

    /// Lines that were heard before the queue, of one session: each is told once.
    @Test func linesOfOneSessionAreLinkedOnce() {
        var stage = Stage()
        line(&stage, .ringing, at: 1, on: one)
        line(&stage, .ringing, at: 1, on: two)
        queue(&stage, .queued, at: 2, time: 0)
        #expect(Set(stage.told.map(\.id)).count == stage.told.count)
        #expect(stage.types.count { $0 == .callUpdated } == 2)
    }

    @Test func aLineWithoutASessionCanBeLinkedAnew() {
        var stage = Stage()
        queue(&stage, .queued, at: 0, of: "m1")
        queue(&stage, .queued, at: 5, of: "m2")
        stage.say(.ringing, of: "call", at: 6.4, time: 6.4) {
            $0.local = Party(number: one, kind: .e164, line: one)
        }
        #expect(session(stage, "call") == "m2 session")
        queue(&stage, .agentOffered(agent: "a", line: one), at: 6.5, time: 6, of: "m1")
        #expect(session(stage, "call") == "m1 session")
    }

    /// An agent who is rung twice for one caller answers the second time.
    @Test func whoIsConnectedLaterWasNotServedBefore() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        queue(&stage, .agentOffered(agent: "a", line: one), at: 1)
        line(&stage, .ringing, at: 1, of: "first", on: one)
        line(&stage, .ringingStopped, at: 15, of: "first", on: one)
        queue(&stage, .agentFailed(agent: "a", outcome: .noAnswer, cause: Cause()), at: 15)
        queue(&stage, .agentOffered(agent: "a", line: one), at: 18)
        line(&stage, .ringing, at: 18, of: "second", on: one)
        line(&stage, .ringingStopped, at: 22, of: "second", on: one)
        queue(&stage, .agentBridged(agent: "a", line: one), at: 22)
        stage.pass(to: 30)
        let outcomes = ["first", "second"].map { call in
            let id = stage.tracker.call(named: CallKey(rawValue: "\(call) on \(one)"))?.id.rawValue
            return stage.told.last { $0.subject == id }?.call?.outcome
        }
        #expect(outcomes == [.answeredElsewhere, .answered])
    }

    // MARK: - The session of a queue

    @Test func aQueueThatGetsASessionTellsIt() {
        var stage = Stage()
        queue(&stage, .queued, at: 0, session: nil)
        #expect(stage.data(.callQueued)?.session == nil)
        line(&stage, .ringing, at: 1, on: one)
        #expect(stage.types == [.callQueued, .callUpdated, .callRinging])
        #expect(stage.data(.callUpdated)?.state == .queued)
        #expect(stage.data(.callUpdated)?.session == stage.data(.callRinging)?.session)
        #expect(
            stage.data(.callUpdated)?.basis
                == .inferred(why: "linked with a queue by the caller's number and the time"))
        line(&stage, .ringing, at: 2, of: "other", on: two)
        #expect(stage.types.count { $0 == .callUpdated } == 1)
    }
}
