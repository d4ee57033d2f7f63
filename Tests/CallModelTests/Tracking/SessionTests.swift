import CallModel
import Testing

/// What one call of a session means for the others.
struct SessionTests {
    @Test func answeredHereIsAnsweredElsewhereThere() {
        var stage = Stage()
        for call in ["one", "two", "three"] { stage.say(.ringing, of: call, at: 0) { $0.session = "s" } }
        stage.say(.connected(nil), of: "two", at: 5) { $0.session = "s" }
        stage.say(.ended(CallFact.Ending()), of: "one", at: 5.1) { $0.session = "s" }
        stage.say(.ended(CallFact.Ending()), of: "three", at: 5.2) { $0.session = "s" }
        stage.say(.ended(CallFact.Ending()), of: "two", at: 60) { $0.session = "s" }
        stage.close()
        let outcomes = stage.told.filter { $0.type == .callSummary }.compactMap { $0.call?.outcome }
        #expect(outcomes == [.answeredElsewhere, .answeredElsewhere, .answered])
    }

    /// The other end tells of the answer; here nobody says when it came, and the talk is no ringing.
    @Test(arguments: [nil, 4.0])
    func ringingThatEndedUnseenHasNoLength(_ stopped: Double?) {
        var stage = Stage()
        stage.say(.ringing, of: "callee", at: 0) { $0.session = "s" }
        stage.say(.connected(nil), of: "caller", at: 5, direction: .outbound) {
            ($0.session, $0.local, $0.remote) = ("s", $0.remote, $0.local)
        }
        if let stopped { stage.say(.ringingStopped, of: "callee", at: 5.1, time: stopped) { $0.session = "s" } }
        stage.say(.ended(CallFact.Ending()), of: "callee", at: 65, time: stopped == nil ? nil : 5.2) {
            $0.session = "s"
        }
        stage.close()
        let call = stage.told.first { $0.type == .callSummary && $0.call?.talk == nil }?.call
        #expect(call?.outcome == .answered)
        #expect(call?.ring == stopped.map { _ in .milliseconds(5_100) })
    }

    @Test func missedIsDecidedAfterTheSettleWindow() {
        var stage = Stage()
        stage.say(.ringing, of: "one", at: 0) { $0.session = "s" }
        stage.say(.ringing, of: "two", at: 0) { $0.session = "s" }
        stage.say(.ended(CallFact.Ending()), of: "one", at: 5) { $0.session = "s" }
        stage.say(.connected(nil), of: "two", at: 6.9) { $0.session = "s" }
        stage.pass(to: 7)
        #expect(stage.data(.callSummary)?.outcome == .answeredElsewhere)
    }

    @Test func anAnswerAfterThatCorrects() {
        var stage = Stage()
        stage.say(.ringing, of: "one", at: 0) { $0.session = "s" }
        stage.say(.ended(CallFact.Ending()), of: "one", at: 5) { $0.session = "s" }
        stage.say(.ringing, of: "two", at: 10) { $0.session = "s" }
        let told = stage.say(.connected(nil), of: "two", at: 12) { $0.session = "s" }
        #expect(told.map(\.type) == [.callConnected, .callCorrected])
        #expect(stage.data(.callCorrected)?.outcome == .answeredElsewhere)
    }

    @Test func otherSessionsAreNoneOfItsBusiness() {
        var stage = Stage()
        stage.say(.ringing, of: "one", at: 0) { $0.session = "s" }
        stage.say(.connected(nil), of: "two", at: 1) { $0.session = "t" }
        stage.say(.ended(CallFact.Ending()), of: "one", at: 2) { $0.session = "s" }
        stage.close()
        #expect(stage.data(.callEnded)?.outcome != .answeredElsewhere)
        #expect(stage.told.first { $0.type == .callSummary }?.call?.outcome == .missed)
    }

    @Test(arguments: [true, false])
    func aPickUpInEitherOrder(_ setupFirst: Bool) {
        let dialog = CallKey(rawValue: "dialog")
        var stage = Stage()
        stage.say(.ringing, of: "first", at: 0) { $0.dialog = dialog }
        func take(_ stage: inout Stage, at: Double) {
            stage.say(.ringing, of: "taker", at: at) { $0.replaces = dialog }
        }
        if setupFirst { take(&stage, at: 5) }
        stage.say(.ended(CallFact.Ending()), of: "first", at: 5.1) { $0.dialog = dialog }
        if !setupFirst { take(&stage, at: 5.2) }
        stage.say(.connected(nil), of: "taker", at: 5.3) { $0.replaces = dialog }
        stage.pass(to: 10)
        #expect(stage.data(.callSummary)?.outcome == .answeredElsewhere)
        #expect(stage.data(.callConnected)?.transfer?.kind == .pickup)
    }

    @Test func anAttendedTransferIsTransferred() {
        let dialog = CallKey(rawValue: "dialog")
        var stage = Stage()
        stage.say(.ringing, of: "first", at: 0) { $0.dialog = dialog }
        stage.say(.connected(nil), of: "first", at: 3) { $0.dialog = dialog }
        let told = stage.say(.ringing, of: "second", at: 20) { $0.replaces = dialog }
        #expect(told.map(\.type) == [.callRinging, .callTransferred])
        stage.say(.ended(CallFact.Ending()), of: "first", at: 21) { $0.dialog = dialog }
        stage.pass(to: 25)
        #expect(stage.data(.callSummary)?.outcome == .transferred)
    }

    @Test func twoLinesOfOursAreAnInternalCall() {
        var stage = Stage()
        let one = Party(number: "+33199000001", kind: .e164)
        let two = Party(number: "+33199000002", kind: .e164)
        stage.say(.ringing, of: "called", at: 0, direction: .inbound) {
            ($0.session, $0.local, $0.remote) = ("s", two, one)
        }
        let told = stage.say(.connected(nil), of: "calling", at: 5, direction: .outbound) {
            ($0.session, $0.local, $0.remote) = ("s", one, two)
        }
        #expect(told.last?.call?.direction == .internal)
        stage.say(.ended(CallFact.Ending()), of: "called", at: 9, direction: .inbound) { $0.session = "s" }
        #expect(stage.data(.callEnded)?.direction == .internal)
        #expect(Set(stage.told.map(\.id)).count == stage.told.count)
    }

    private func internalCall(_ stage: inout Stage, _ step: CallFact.Step, _ direction: Direction, at: Double) {
        let one = Party(number: "+33199000001", kind: .e164)
        let two = Party(number: "+33199000002", kind: .e164)
        let isCalled = direction == .inbound
        stage.say(step, of: isCalled ? "called" : "calling", at: at, direction: direction) {
            ($0.session, $0.local, $0.remote) = ("s", isCalled ? two : one, isCalled ? one : two)
        }
    }

    /// Missed is what somebody from outside was not answered.
    @Test func anInternalCallNobodyAnsweredIsMissedByNobody() {
        var stage = Stage()
        internalCall(&stage, .ringing, .outbound, at: 0)
        internalCall(&stage, .ringing, .inbound, at: 0.1)
        internalCall(&stage, .ended(CallFact.Ending()), .outbound, at: 9)
        internalCall(&stage, .ended(CallFact.Ending()), .inbound, at: 9.1)
        stage.close()
        let summaries = stage.told.filter { $0.type == .callSummary }.compactMap(\.call)
        #expect(summaries.map(\.outcome) == [.noAnswer, .noAnswer])
        #expect(summaries.allSatisfy { $0.direction == .internal && $0.basis != .reported })
    }

    /// That both ends are ours is heard after the summary of the one.
    @Test func aCallThatTurnsOutInternalWasNotMissed() {
        var stage = Stage()
        internalCall(&stage, .ringing, .inbound, at: 0)
        internalCall(&stage, .ended(CallFact.Ending()), .inbound, at: 9)
        stage.pass(to: 12)
        #expect(stage.data(.callSummary)?.outcome == .missed)
        internalCall(&stage, .ended(CallFact.Ending()), .outbound, at: 20)
        #expect(stage.data(.callCorrected)?.outcome == .noAnswer)
        #expect(stage.data(.callCorrected)?.direction == .internal)
        stage.close()
        #expect(Set(stage.told.map(\.id)).count == stage.told.count)
    }

    @Test(arguments: [Direction.inbound, .outbound])
    func whatOneEndTellsOfAnAnswerIsTrueOfTheOther(_ told: Direction) {
        let silent: Direction = told == .inbound ? .outbound : .inbound
        var stage = Stage()
        internalCall(&stage, .ringing, .inbound, at: 0)
        internalCall(&stage, .ringing, .outbound, at: 0)
        internalCall(&stage, .connected(nil), told, at: 5)
        internalCall(&stage, .ended(CallFact.Ending()), silent, at: 20)
        internalCall(&stage, .ended(CallFact.Ending()), told, at: 20)
        stage.close()
        let summaries = stage.told.filter { $0.type == .callSummary }.compactMap(\.call)
        #expect(summaries.map(\.outcome) == [.answered, .answered])
        #expect(summaries.count { $0.basis == .reported } == 1)
    }

    /// A queue's stay took it in: whoever is named to be in it later comes along, for as long as one of it is known.
    @Test func aSessionThatWasTakenInOutlivesItsFirstCall() {
        var stage = Stage()
        func line(_ step: CallFact.Step, _ number: String, at: Double, caller: String = "+33639980011") {
            stage.say(step, of: number, at: at, time: at) {
                $0.remote = Party(number: caller, kind: .e164)
                $0.local = Party(number: number, kind: .e164, line: number)
                $0.session = "shared"
            }
        }
        func queue(_ step: CallFact.Step, at: Double) {
            stage.say(step, of: "member", at: at, time: at) { ($0.queue, $0.session) = (QueueStay(name: "q"), "stay") }
        }
        queue(.queued, at: 0)
        line(.ringing, "+33199000001", at: 1)
        line(.ringing, "+33199000002", at: 1)
        line(.connected(nil), "+33199000002", at: 5)
        line(.ended(CallFact.Ending()), "+33199000001", at: 5)
        queue(.ended(CallFact.Ending(outcome: .answered)), at: 6)
        stage.pass(to: 900)
        #expect(stage.tracker.call(named: CallKey(rawValue: "+33199000001")) == nil)
        line(.ringing, "+33199000003", at: 901, caller: "+33639980012")
        #expect(stage.tracker.call(named: CallKey(rawValue: "+33199000003"))?.session == "stay")
    }

    /// A provider that gives every call one session must not make each of them a matter of all.
    @Test(.timeLimit(.minutes(1)))
    func aSessionOfThousandsIsBounded() {
        var stage = Stage()
        for call in 0..<1_000 { stage.say(.ringing, of: "call \(call)", at: 0) { $0.session = "always" } }
        #expect(stage.types.count { $0 == .callRinging } == 1_000)
    }
}
