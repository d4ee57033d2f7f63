import CallModel
import Testing

/// Calls that take another one over, of which not everything is heard, or late (Keyyo, DREF_REPLACE).
struct TakeoverTests {
    private let end = CallFact.Step.ended(CallFact.Ending())
    private let colleague = Party(number: "+33199000002", kind: .e164, line: "+33199000002")
    private let caller = Party(number: "+33639980011", kind: .e164)

    private func original(
        _ stage: inout Stage, _ step: CallFact.Step, at: Double, session: String? = nil, time: Double? = nil
    ) {
        stage.say(step, of: "original", at: at, time: time ?? at) {
            $0.dialog = CallKey(rawValue: "A")
            $0.session = session
        }
    }

    /// `says`: whether this notification names the dialogue that is taken over. Where it does not, the colleague
    /// seems to call.
    private func taker(
        _ stage: inout Stage, _ step: CallFact.Step, at: Double, says: Bool = true, time: Double? = nil
    ) {
        stage.say(step, of: "taker", at: at, time: time ?? at, direction: says ? .inbound : .outbound) {
            $0.dialog = CallKey(rawValue: "B")
            $0.replaces = says ? CallKey(rawValue: "A") : nil
            $0.local = colleague
            $0.remote = caller
        }
    }

    private func last(_ stage: Stage, _ name: String) -> CallData? {
        let id = stage.tracker.call(named: CallKey(rawValue: name))?.id.rawValue
        return stage.told.last { $0.subject == id && $0.call != nil }?.call
    }

    // MARK: - What is lost

    /// Nobody is rung for a call that is taken over.
    @Test func whoTakesACallOverIsNotMissed() {
        var stage = Stage()
        original(&stage, .ringing, at: 0)
        taker(&stage, .ringing, at: 5)
        original(&stage, end, at: 5.1)
        taker(&stage, end, at: 20)
        stage.pass(to: 30)
        #expect(last(stage, "original")?.outcome == .answeredElsewhere)
        #expect(last(stage, "taker")?.outcome == .answered)
        #expect(last(stage, "taker")?.basis != .reported)
        // Its answer comes after all.
        taker(&stage, .connected(nil), at: 31, time: 5.2)
        #expect(last(stage, "taker")?.basis == .reported)
        #expect(last(stage, "taker")?.talk == .milliseconds(14_800))
    }

    /// What is over at once is no proof of an answer, and neither is another's.
    @Test(arguments: [true, false])
    func aTakeoverThatIsOverAtOnceIsNotKnown(_ wasAnsweredBefore: Bool) {
        var stage = Stage()
        original(&stage, .ringing, at: 0)
        if wasAnsweredBefore { original(&stage, .connected(nil), at: 3) }
        taker(&stage, .ringing, at: 5)
        taker(&stage, end, at: 6)
        stage.pass(to: 9)
        #expect(last(stage, "taker")?.outcome == .unknown)
    }

    @Test(arguments: [true, false])
    func whatIsTakenOverIsOver(_ wasAnsweredBefore: Bool) {
        var stage = Stage()
        original(&stage, .ringing, at: 0)
        if wasAnsweredBefore { original(&stage, .connected(nil), at: 3) }
        taker(&stage, .ringing, at: 5)
        taker(&stage, .connected(nil), at: 5.2)
        stage.pass(to: 7.1)
        #expect(stage.tracker.liveCalls.count == 2)
        stage.pass(to: 7.3)
        #expect(stage.tracker.liveCalls.count == 1)
        let outcome = wasAnsweredBefore ? Outcome.transferred : .answeredElsewhere
        #expect(last(stage, "original")?.outcome == outcome)
        // Its own end puts the times right.
        original(&stage, end, at: 8, time: 5.1)
        #expect(last(stage, "original")?.outcome == outcome)
        #expect(last(stage, "original")?.times.ended == Stage.time(5.1))
        #expect(stage.types.count { $0 == .callEnded } == 1)
    }

    /// It was closed as lost before anybody said that it had been taken over.
    @Test func whatWasTakenOverWasNotLost() {
        var stage = Stage()
        original(&stage, .ringing, at: 0)
        stage.pass(to: 300)
        #expect(last(stage, "original")?.cause?.code == "lost")
        taker(&stage, .connected(nil), at: 301, time: 5)
        #expect(last(stage, "original")?.outcome == .answeredElsewhere)
        #expect(last(stage, "original")?.cause == nil)

        var other = Stage()
        taker(&other, .ringing, at: 5)
        original(&other, .ringing, at: 6, time: 0)
        other.pass(to: 300)
        #expect(last(other, "original")?.outcome == .unknown)
        taker(&other, .connected(nil), at: 301, time: 5.2)
        #expect(last(other, "original")?.outcome == .answeredElsewhere)
    }

    // MARK: - What is late

    /// Whichever of its notifications names the dialogue that is taken over.
    @Test(arguments: [0, 1, 2])
    func whoeverTakesACallOverIsCalled(_ saying: Int) {
        var stage = Stage()
        original(&stage, .ringing, at: 0)
        taker(&stage, .initiated, at: 5, says: saying == 0)
        original(&stage, end, at: 5.1)
        taker(&stage, .connected(nil), at: 5.2, says: saying == 1)
        taker(&stage, end, at: 20, says: saying == 2)
        stage.pass(to: 30)
        #expect(last(stage, "taker")?.direction == .inbound)
        #expect(last(stage, "taker")?.remote == caller)
        #expect(last(stage, "taker")?.local == colleague)
        #expect(last(stage, "taker")?.outcome == .answered)
        #expect(last(stage, "original")?.outcome == .answeredElsewhere)
    }

    /// An account that is neither of the parties: who seems to call is the colleague (Keyyo guide 1.5, p. 10).
    @Test func theColleagueIsNotTheCaller() {
        var stage = Stage()
        stage.say(.connected(nil), of: "taker", at: 5, direction: .unknown) {
            $0.dialog = CallKey(rawValue: "B")
            $0.remote = colleague
            $0.local = Party(raw: "331990000021", kind: .unknown)
        }
        taker(&stage, .ringing, at: 5.1, time: 4.9)
        stage.say(end, of: "taker", at: 20, direction: .unknown) {
            $0.dialog = CallKey(rawValue: "B")
            $0.remote = colleague
        }
        stage.pass(to: 30)
        #expect(last(stage, "taker")?.direction == .inbound)
        #expect(last(stage, "taker")?.remote == caller)
    }

    /// The first call brings the name of the session when the second was summed up.
    @Test func aSessionThatIsKnownAfterTheSummaryIsTold() {
        var stage = Stage()
        taker(&stage, .ringing, at: 5)
        taker(&stage, .connected(nil), at: 5.2)
        taker(&stage, end, at: 20)
        stage.pass(to: 30)
        let told = stage.told.count
        original(&stage, .ringing, at: 31, session: "reception", time: 0)
        let update = stage.told[told...].last { $0.call?.local == colleague }
        #expect(update?.type == .callUpdated)
        #expect(update?.call?.session == "reception")
        #expect(update?.call?.transfer == Transfer(kind: .pickup, from: "+33199000001", to: "+33199000002"))
    }

    /// It was answered before it was taken over, which is heard when all is over.
    @Test func aKindThatIsKnownAfterTheSummaryIsTold() {
        var stage = Stage()
        original(&stage, .ringing, at: 0)
        taker(&stage, .ringing, at: 20)
        taker(&stage, .connected(nil), at: 20.1)
        original(&stage, end, at: 20.2)
        taker(&stage, end, at: 30)
        stage.pass(to: 40)
        original(&stage, .connected(nil), at: 41, time: 4)
        #expect(last(stage, "taker")?.transfer?.kind == .attended)
        #expect(last(stage, "original")?.outcome == .transferred)
    }
}
