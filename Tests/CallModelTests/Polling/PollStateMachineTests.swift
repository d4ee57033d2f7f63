import CallModel
import Testing

/// When a poller polls next and what the stream is told, whatever the server does.
struct PollStateMachineTests {
    private let now = Timestamp(milliseconds: 1_767_603_600_000)

    private func delay(_ actions: [PollStateMachine.Action]) -> Span? {
        guard case .poll(let after)? = actions.last else { return nil }
        return after
    }

    private func reports(_ actions: [PollStateMachine.Action]) -> [SourceReport.Change] {
        actions.compactMap { if case .report(let report) = $0 { report.change } else { nil } }
    }

    @Test func aGoodReplyIsFollowedAtOnce() {
        var machine = PollStateMachine()
        let first = machine.replied(isIdle: false, elapsed: .seconds(1), now: now)
        #expect(
            first == [.report(SourceReport(change: .up, reason: "the provider answers")), .poll(after: .seconds(0))])
        #expect(machine.replied(isIdle: true, elapsed: .seconds(60), now: now) == [.poll(after: .seconds(0))])
    }

    @Test func twoFailuresAreDownAndARecoveryIsUp() {
        var machine = PollStateMachine()
        _ = machine.replied(isIdle: false, elapsed: .seconds(1), now: now)
        #expect(reports(machine.failed("500", now: now, random: 0.5)) == [])
        #expect(reports(machine.failed("500", now: now, random: 0.5)) == [.down])
        #expect(reports(machine.failed("500", now: now, random: 0.5)) == [])
        #expect(machine.health == .down)
        #expect(reports(machine.replied(isIdle: true, elapsed: .seconds(1), now: now)) == [.up])
    }

    @Test func aReplyNobodyCanReadIsAGapOnceTheProviderIsUnderstoodAgain() {
        var machine = PollStateMachine()
        _ = machine.replied(isIdle: false, elapsed: .seconds(1), now: now)
        #expect(reports(machine.unreadable("not JSON", now: now.advanced(by: .seconds(1)), random: 0.5)) == [])
        let later = now.advanced(by: .seconds(3))
        let actions = machine.replied(isIdle: true, elapsed: .seconds(1), now: later)
        #expect(reports(actions) == [.gap])
        guard case .report(let gap)? = actions.first else { return }
        #expect(gap.from == now)
        #expect(gap.to == later)
        #expect(reports(machine.replied(isIdle: true, elapsed: .seconds(1), now: later)) == [])
    }

    @Test func twoRepliesNobodyCanReadAreDown() {
        var machine = PollStateMachine()
        _ = machine.unreadable("not JSON", now: now, random: 0.5)
        #expect(reports(machine.unreadable("not JSON", now: now, random: 0.5)) == [.down])
        #expect(reports(machine.replied(isIdle: true, elapsed: .seconds(1), now: now)) == [.gap, .up])
    }

    @Test func oneFailureIsNothing() {
        var machine = PollStateMachine()
        for _ in 0..<10 {
            #expect(reports(machine.failed("cut", now: now, random: 0.5)) == [])
            #expect(!reports(machine.replied(isIdle: false, elapsed: .seconds(1), now: now)).contains(.down))
        }
    }

    @Test func aRefusalIsDownAtOnceAndRetriedSlowly() {
        var machine = PollStateMachine()
        let actions = machine.failed("HTTP 401", refused: true, now: now, random: 0.999_9)
        #expect(reports(actions) == [.down])
        #expect(delay(actions)! >= .seconds(7))
    }

    @Test func anOutageLongerThanTwoPollsMayHaveCostEvents() {
        var machine = PollStateMachine(gapAfter: .seconds(150))
        _ = machine.replied(isIdle: false, elapsed: .seconds(1), now: now)
        _ = machine.failed("cut", now: now, random: 0.5)
        let later = now.advanced(by: .seconds(151))
        let actions = machine.replied(isIdle: false, elapsed: .seconds(1), now: later)
        #expect(reports(actions) == [.gap])
        guard case .report(let gap)? = actions.first else { return }
        #expect(gap.from == now)
        #expect(gap.to == later)
    }

    @Test func aShortOutageDidNot() {
        var machine = PollStateMachine(gapAfter: .seconds(150))
        _ = machine.replied(isIdle: false, elapsed: .seconds(1), now: now)
        _ = machine.failed("cut", now: now, random: 0.5)
        let actions = machine.replied(isIdle: false, elapsed: .seconds(1), now: now.advanced(by: .seconds(149)))
        #expect(reports(actions) == [])
    }

    /// Without a session nobody keeps anything for us, however short it is.
    @Test func whatCameBeforeTheFirstAnswerIsAGapFromTheFirstQuestion() {
        var machine = PollStateMachine()
        machine.asking(at: now)
        _ = machine.failed("time-out", now: now.advanced(by: .seconds(75)), random: 0.5)
        machine.asking(at: now.advanced(by: .seconds(76)))
        _ = machine.failed("time-out", now: now.advanced(by: .seconds(80)), random: 0.5)
        let answered = now.advanced(by: .seconds(90))
        let actions = machine.replied(isIdle: true, elapsed: .seconds(1), now: answered)
        #expect(
            actions.first
                == .report(
                    SourceReport(
                        change: .gap, reason: "nothing is kept for us before the provider's first answer", from: now,
                        to: answered)))
        _ = machine.failed("cut", now: answered, random: 0.5)
        #expect(reports(machine.replied(isIdle: true, elapsed: .seconds(1), now: answered)) == [])
    }

    @Test func theFirstQuestionIsAnsweredWithoutAGap() {
        var machine = PollStateMachine()
        machine.asking(at: now)
        let actions = machine.replied(isIdle: true, elapsed: .seconds(60), now: now.advanced(by: .seconds(60)))
        #expect(reports(actions) == [.up])
    }

    /// The run ended while it was asked.
    @Test func theFirstQuestionOfAnEarlierRunWasInVain() {
        var machine = PollStateMachine()
        machine.asking(at: now)
        var next = PollStateMachine(memory: machine.debt ?? PollMemory())
        next.asking(at: now.advanced(by: .seconds(9)))
        let actions = next.replied(isIdle: true, elapsed: .seconds(1), now: now.advanced(by: .seconds(10)))
        #expect(reports(actions) == [.gap, .up])
        guard case .report(let gap)? = actions.first else { return }
        #expect(gap.from == now)
    }

    /// What a run leaves to the next is what was heard when it was heard last, not when it ended.
    @Test func theDebtIsFromTheLastGoodReplyOnAndPaidByTheNext() {
        var machine = PollStateMachine(gapAfter: .seconds(150))
        _ = machine.replied(isIdle: true, elapsed: .seconds(1), now: now)
        #expect(machine.debt == nil)
        for second in [10, 70, 140] {
            _ = machine.failed("500", now: now.advanced(by: .seconds(Int64(second))), random: 0.5)
            #expect(machine.debt == PollMemory(heard: now))
        }
        var next = PollStateMachine(gapAfter: .seconds(150), memory: machine.debt ?? PollMemory())
        #expect(next.debt == PollMemory(heard: now))
        let actions = next.replied(isIdle: true, elapsed: .seconds(1), now: now.advanced(by: .seconds(151)))
        #expect(reports(actions) == [.gap, .up])
        #expect(next.debt == nil)
        _ = next.sessionLost("404", now: now.advanced(by: .seconds(160)), random: 0.5)
        #expect(next.debt == PollMemory(heard: now.advanced(by: .seconds(160))))
        _ = next.replied(isIdle: true, elapsed: .seconds(1), now: now.advanced(by: .seconds(161)))
        _ = next.unreadable("not JSON", now: now.advanced(by: .seconds(162)), random: 0.5)
        #expect(next.debt?.loss?.since == now.advanced(by: .seconds(161)))
    }

    // MARK: - What one poller leaves to the next

    @Test func whatWasLostIsToldByTheNextHoweverShortItWas() {
        let memory = PollMemory(heard: now).losing("cut", at: now.advanced(by: .seconds(5)))
        var machine = PollStateMachine(memory: memory)
        #expect(machine.memory == memory)
        _ = machine.failed("500", now: now.advanced(by: .seconds(6)), random: 0.5)
        #expect(machine.memory == memory)
        let later = now.advanced(by: .seconds(7))
        let actions = machine.replied(isIdle: true, elapsed: .seconds(1), now: later)
        #expect(actions.first == .report(SourceReport(change: .gap, reason: "cut", from: now, to: later)))
        #expect(machine.memory == PollMemory(heard: later))
        #expect(reports(machine.replied(isIdle: true, elapsed: .seconds(1), now: later)) == [])
    }

    @Test func aReplyNobodyCouldReadAndTheFirstQuestionsAreLeftToTheNext() {
        var machine = PollStateMachine()
        machine.asking(at: now)
        _ = machine.failed("time-out", now: now.advanced(by: .seconds(1)), random: 0.5)
        #expect(machine.memory.unknownSince == now)
        let second = now.advanced(by: .seconds(9))
        _ = machine.unreadable("not JSON", now: second, random: 0.5)
        var next = PollStateMachine(memory: machine.memory)
        guard case .report(let gap)? = next.replied(isIdle: true, elapsed: .seconds(1), now: second).first else {
            Issue.record("no gap")
            return
        }
        #expect(gap.change == .gap && gap.from == now && gap.to == second)
    }

    @Test func aLostSessionTellsWhatWasLostBefore() {
        var machine = PollStateMachine(memory: PollMemory(heard: now).losing("cut", at: now))
        let later = now.advanced(by: .seconds(9))
        let actions = machine.sessionLost("404", now: later, random: 0.5)
        #expect(actions.first == .report(SourceReport(change: .gap, reason: "404", from: now, to: later)))
        #expect(reports(machine.replied(isIdle: true, elapsed: .seconds(1), now: later)) == [.up])
    }

    @Test func aLongHeldPollIsNoOutage() {
        var machine = PollStateMachine(gapAfter: .seconds(150))
        _ = machine.replied(isIdle: false, elapsed: .seconds(1), now: now)
        let actions = machine.replied(isIdle: true, elapsed: .seconds(300), now: now.advanced(by: .seconds(300)))
        #expect(reports(actions) == [])
    }

    @Test func theTimeWeWereNotRunningCountsToo() {
        var machine = PollStateMachine(memory: PollMemory(heard: now))
        let actions = machine.replied(isIdle: false, elapsed: .seconds(1), now: now.advanced(by: .hours(1)))
        #expect(reports(actions) == [.gap, .up])
    }

    @Test func aLostSessionIsAGapAndMadeAnewAtOnce() {
        var machine = PollStateMachine()
        _ = machine.replied(isIdle: false, elapsed: .seconds(1), now: now)
        let actions = machine.sessionLost("404", now: now.advanced(by: .seconds(60)), random: 0.5)
        #expect(reports(actions) == [.gap])
        #expect(delay(actions) == .seconds(0))
        #expect(machine.prepared() == [.poll(after: .seconds(0))])
        #expect(
            reports(machine.replied(isIdle: false, elapsed: .seconds(1), now: now.advanced(by: .seconds(61)))) == [])
    }

    @Test func sessionsLostOneAfterTheOtherAreASourceThatIsDown() {
        var machine = PollStateMachine()
        _ = machine.replied(isIdle: false, elapsed: .seconds(1), now: now)
        _ = machine.sessionLost("404", now: now, random: 0.5)
        let second = machine.sessionLost("404", now: now, random: 0.5)
        #expect(reports(second) == [.gap, .down])
        #expect(delay(second)! > .seconds(0))
    }

    @Test func whatWasToldAsAGapIsNotPartOfTheNext() {
        var machine = PollStateMachine(gapAfter: .seconds(150))
        _ = machine.replied(isIdle: false, elapsed: .seconds(1), now: now)
        let first = now.advanced(by: .seconds(60))
        let second = now.advanced(by: .seconds(200))
        #expect(
            machine.sessionLost("404", now: first, random: 0.5).first
                == .report(SourceReport(change: .gap, reason: "404", from: now, to: first)))
        #expect(
            machine.sessionLost("404", now: second, random: 0.5).first
                == .report(SourceReport(change: .gap, reason: "404", from: first, to: second)))
        let back = machine.replied(isIdle: false, elapsed: .seconds(1), now: second.advanced(by: .seconds(1)))
        #expect(reports(back) == [.up])
    }

    @Test func aRefusedPartKeepsTheSourceDegraded() {
        var machine = PollStateMachine()
        #expect(reports(machine.degraded("token 2 of 2") + machine.prepared()) == [.degraded])
        #expect(reports(machine.replied(isIdle: false, elapsed: .seconds(60), now: now)) == [])
        // Made anew every idle minute, and refused again: nothing to tell.
        for _ in 0..<5 {
            _ = machine.prepared()
            #expect(reports(machine.degraded("token 2 of 2") + machine.prepared()) == [])
            #expect(reports(machine.replied(isIdle: true, elapsed: .seconds(60), now: now)) == [])
        }
        #expect(machine.health == .degraded)
        // Accepted at last.
        _ = machine.prepared()
        #expect(reports(machine.replied(isIdle: true, elapsed: .seconds(60), now: now)) == [.up])
    }

    @Test func aDegradedSourceThatWasDownIsDegradedAgain() {
        var machine = PollStateMachine()
        _ = machine.degraded("token 2 of 2")
        _ = machine.replied(isIdle: false, elapsed: .seconds(1), now: now)
        _ = machine.failed("500", now: now, random: 0)
        #expect(reports(machine.failed("500", now: now, random: 0)) == [.down])
        #expect(reports(machine.replied(isIdle: false, elapsed: .seconds(1), now: now)) == [.degraded])
    }

    @Test func retryAfterIsHonouredWithinAnHour() {
        var machine = PollStateMachine()
        #expect(delay(machine.failed("429", retryAfter: .seconds(90), now: now, random: 0)) == .seconds(90))
        #expect(delay(machine.failed("429", retryAfter: .days(365), now: now, random: 0)) == .hours(1))
        // It can only make the wait longer.
        for _ in 0..<20 { _ = machine.failed("429", now: now, random: 0) }
        #expect(delay(machine.failed("429", retryAfter: .seconds(0), now: now, random: 0.999))! > .seconds(59))
    }

    @Test func theJitterStaysWithinItsBounds() {
        let backoff = Backoff(base: .milliseconds(500), cap: .seconds(60))
        for failures in [-1, 0, 1, 2, 5, 8, 31, 1_000, Int.max] {
            for random in [0, 0.1, 0.5, 0.999_999] {
                let delay = backoff.delay(afterFailures: failures, random: random)
                #expect(delay >= .milliseconds(125))
                #expect(delay <= .seconds(60))
            }
        }
        #expect(backoff.delay(afterFailures: 1, random: 0.999_999) <= .milliseconds(500))
        #expect(backoff.delay(afterFailures: 20, random: 0.999_999) >= .seconds(59))
    }

    enum Trouble: CaseIterable {
        case failing, refusing, emptyAtOnce, losingSessions, timingOutAtOnce
    }

    /// An hour against a server that answers everything at once with the same trouble.
    @Test(arguments: Trouble.allCases)
    func theRateIsBoundedWhateverTheTrouble(_ trouble: Trouble) {
        var machine = PollStateMachine()
        var generator = SystemRandomNumberGenerator()
        var clock = now
        var polls = 0
        while clock < now.advanced(by: .hours(1)) {
            polls += 1
            let random = Double.random(in: 0..<1, using: &generator)
            let actions =
                switch trouble {
                case .failing: machine.failed("500", now: clock, random: random)
                case .refusing: machine.failed("401", refused: true, now: clock, random: random)
                case .emptyAtOnce: machine.replied(isIdle: true, elapsed: .milliseconds(0), now: clock)
                case .losingSessions: machine.sessionLost("404", now: clock, random: random)
                case .timingOutAtOnce:
                    machine.prepared() + machine.sessionLost("timeout", now: clock, random: random)
                }
            clock = clock.advanced(by: delay(actions) ?? .seconds(0))
            if polls > 10_000 { break }
        }
        // A second apart where the server says "nothing", half a minute on average where it fails.
        #expect(polls <= (trouble == .emptyAtOnce ? 3_610 : 400))
    }
}
