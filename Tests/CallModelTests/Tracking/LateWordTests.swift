import CallModel
import Testing

/// Words that come after those which follow from them.
struct LateWordTests {
    private let end = CallFact.Step.ended(CallFact.Ending())

    // MARK: - The answer

    /// The silence ended the call, then its end is heard, then that it had been answered in between.
    @Test func aShortTalkIsAnsweredHoweverLateTheAnswerIsHeard() {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        stage.say(.ringingStopped, at: 6.3, time: 6.25)
        stage.say(end, at: 8.4, time: 6.9)
        stage.say(.connected(nil), at: 8.5, time: 6.3)
        stage.close()
        let last = stage.told.last { $0.call?.outcome != nil }?.call
        #expect(last?.outcome == .answered)
        #expect(last?.talk == .milliseconds(600))
        #expect(last?.times.ended == Stage.time(6.9))
    }

    /// One that is dated after the real end is none.
    @Test func anAnswerAfterTheRealEndIsNone() {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        stage.say(.ringingStopped, at: 6.3, time: 6.25)
        stage.say(end, at: 8.4, time: 6.9)
        stage.say(.connected(nil), at: 8.5, time: 7)
        stage.close()
        #expect(stage.told.last { $0.call?.outcome != nil }?.call?.outcome == .missed)
        #expect(stage.told.last { $0.call?.outcome != nil }?.call?.ring == .milliseconds(6_250))
    }

    /// It was concluded, and then it is said.
    @Test(arguments: [0.1, 3])
    func anAnswerThatIsHeardIsReported(_ pause: Double) {
        var stage = Stage()
        for (place, word) in [(CallFact.Step.ringing, 1.0), (.ringingStopped, 5), (end, 20), (.connected(nil), 5.1)]
            .enumerated()
        {
            stage.say(word.0, at: 21 + Double(place) * pause, time: word.1)
        }
        stage.close()
        let last = stage.told.last { $0.call?.outcome != nil }?.call
        #expect(last?.outcome == .answered)
        #expect(last?.basis == .reported)
        #expect(last?.talk == .milliseconds(14_900))
    }

    /// Whatever is heard of a call, it had begun by then.
    @Test func nothingHappensBeforeTheBeginning() {
        var stage = Stage()
        stage.say(end, at: 20, time: 20)
        stage.say(.connected(nil), at: 20.2, time: 5)
        stage.close()
        #expect(stage.data(.callSummary)?.times.started == Stage.time(5))
        #expect(stage.data(.callSummary)?.times.connected == Stage.time(5))
        #expect(stage.data(.callSummary)?.talk == .seconds(15))
    }

    /// Nor does an answer that the end of a stay repeats. Of a clock that shows less than ours the order is kept too.
    @Test(arguments: [0.0, -40])
    func noAnswerIsBeforeTheBeginning(_ skew: Double) {
        var stage = Stage()
        stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 60, time: 60 + skew) {
            $0.queue = QueueStay(name: "q")
            $0.answered = Stage.time(20 + skew)
        }
        #expect(stage.data(.callEnded)?.times.started == Stage.time(20 + skew))
        #expect(stage.data(.callEnded)?.times.connected == Stage.time(20 + skew))
        #expect(stage.data(.callEnded)?.wait == nil)
    }

    // MARK: - Queues

    private func queue(
        _ stage: inout Stage, _ step: CallFact.Step, at: Double, time: Double, answered: Double? = nil,
        isReturn: Bool = false
    ) {
        stage.say(step, at: at, time: time) {
            $0.queue = QueueStay(name: "q", agent: step.isServing ? "a" : nil)
            $0.answered = answered.map(Stage.time)
            $0.isReturn = isReturn
        }
    }

    /// Both ends are heard before the beginning, and the end of the stay tells no times.
    @Test(arguments: [true, false])
    func aBridgeThatIsHeardAfterItsEndKeepsItsTimes(_ isBeginningHeard: Bool) {
        var stage = Stage()
        queue(&stage, .queued, at: 0, time: 0)
        queue(&stage, .ended(CallFact.Ending(outcome: .answered)), at: 41, time: 40)
        queue(
            &stage, .agentUnbridged(agent: "a", bridged: true), at: 41.1, time: 40,
            answered: isBeginningHeard ? nil : 15)
        if isBeginningHeard { queue(&stage, .agentBridged(agent: "a", line: nil), at: 41.2, time: 15, answered: 15) }
        stage.pass(to: 50)
        #expect(stage.data(.callSummary)?.talk == .seconds(25))
        #expect(stage.data(.callSummary)?.wait == .seconds(15))
    }

    /// An agent who could not be had, of whom it is heard later that he was rung.
    @Test func aFailureBeforeAnythingElseIsKept() {
        var stage = Stage()
        queue(&stage, .agentFailed(agent: "b", outcome: .busy, cause: Cause()), at: 9, time: 9)
        queue(&stage, .agentOffered(agent: "b", line: nil), at: 9.1, time: 2)
        #expect(stage.data(.callQueued)?.legs.map(\.outcome) == [.busy])
        queue(&stage, .agentBridged(agent: "a", line: nil), at: 15, time: 15)
        queue(&stage, .ended(CallFact.Ending(outcome: .answered)), at: 40, time: 40)
        stage.pass(to: 50)
        let legs = stage.data(.callSummary)?.legs.map { "\($0.agent ?? "") \($0.outcome?.rawValue ?? "")" }
        #expect(legs == ["b busy", "a answered"])
    }

    /// Many of them are not kept.
    @Test func failuresOfCallersWhoAreNeverSeenAreBounded() {
        var stage = Stage()
        for caller in 0..<1_000 {
            stage.say(.agentFailed(agent: "b", outcome: .busy, cause: Cause()), of: "\(caller)", at: 1, time: 1)
        }
        for (caller, isKept) in [("1", false), ("999", true)] {
            stage.say(.agentOffered(agent: "b", line: nil), of: caller, at: 2, time: 0)
            stage.say(.ended(CallFact.Ending(outcome: .abandoned)), of: caller, at: 3, time: 3)
            #expect(stage.data(.callEnded)?.legs.first?.outcome == (isKept ? .busy : .abandoned))
        }
    }

    // MARK: - Who serves

    /// An older bridge is heard of while the newer stands.
    @Test func whoServedLastIsTheAgent() {
        var stage = Stage()
        queue(&stage, .queued, at: 0, time: 0)
        stage.say(.agentBridged(agent: "b", line: nil), at: 20, time: 20) {
            $0.queue = QueueStay(name: "q", agent: "b")
        }
        queue(&stage, .agentBridged(agent: "a", line: nil), at: 21, time: 6)
        stage.pass(to: 30)
        #expect(stage.tracker.liveCalls.first?.data().queue?.agent == "b")
    }

    /// A caller who gave up was served by nobody.
    @Test func whoGaveUpHadNoAgent() {
        var stage = Stage()
        queue(&stage, .queued, at: 0, time: 0)
        queue(&stage, .agentBridged(agent: "a", line: nil), at: 6, time: 6)
        #expect(stage.data(.callConnected)?.queue?.agent == "a")
        queue(&stage, .ended(CallFact.Ending(outcome: .abandoned)), at: 16, time: 16)
        #expect(stage.data(.callEnded)?.queue?.agent == nil)
    }

    // MARK: - Who comes back

    private func stays(_ stage: Stage) -> [CallData] {
        var last: [String: CallData] = [:]
        var order: [String] = []
        for draft in stage.told {
            guard let call = draft.call, call.outcome != nil else { continue }
            if last.updateValue(call, forKey: draft.subject) == nil { order.append(draft.subject) }
        }
        return order.compactMap { last[$0] }.sorted {
            ($0.times.started ?? Stage.start) < ($1.times.started ?? Stage.start)
        }
    }

    private typealias Word = (step: CallFact.Step, time: Double, isReturn: Bool)

    private var twoStays: [Word] {
        [
            (.queued, 0, false), (.ended(CallFact.Ending(outcome: .abandoned)), 10, false), (.queued, 30, true),
            (.agentBridged(agent: "a", line: nil), 36, false), (.ended(CallFact.Ending(outcome: .answered)), 60, false),
        ]
    }

    /// The first stay's end, or its beginning, is heard when he is back.
    @Test(arguments: [
        [0, 1, 2, 3, 4], [0, 2, 1, 3, 4], [0, 2, 3, 1, 4], [0, 2, 3, 4, 1], [2, 0, 1, 3, 4],
        [2, 1, 0, 3, 4], [1, 2, 0, 3, 4],
        [0, 3, 2, 1, 4], [0, 3, 2, 4, 1], [0, 3, 4, 2, 1], [0, 1, 3, 2, 4], [0, 1, 3, 4, 2],
    ])
    func whoComesBackHasTwoStays(_ order: [Int]) {
        var stage = Stage()
        for (place, number) in order.enumerated() {
            let word = twoStays[number]
            queue(
                &stage, word.step, at: 100 + Double(place) * 0.1, time: word.time, isReturn: word.isReturn)
        }
        stage.close()
        let stays = stays(stage)
        #expect(stays.map(\.outcome) == [.abandoned, .answered])
        #expect(stays.map(\.wait) == [.seconds(10), .seconds(6)])
        #expect(stays.allSatisfy { $0.basis == .reported })
        #expect(stage.types.count { $0 == .callSummary } == 2)
    }

    /// That he had left was never heard: he had, for he came back.
    @Test func whoComesBackHadLeft() {
        var stage = Stage()
        queue(&stage, .queued, at: 0, time: 0)
        queue(&stage, .queued, at: 30, time: 30, isReturn: true)
        #expect(stage.types == [.callQueued, .callEnded, .callQueued])
        #expect(stage.data(.callEnded)?.outcome == .abandoned)
        #expect(stage.data(.callEnded)?.basis != .reported)
        #expect(stage.tracker.liveCalls.count == 1)
    }

    /// That he came back was lost: he did, for he was served.
    @Test func whoIsServedAfterHeLeftCameBack() {
        var stage = Stage()
        for number in [0, 1, 3, 4] {
            let word = twoStays[number]
            queue(&stage, word.step, at: word.time, time: word.time)
        }
        stage.close()
        #expect(stays(stage).map(\.outcome) == [.abandoned, .answered])
    }

    /// The same words twice make no third stay.
    @Test func aReturnThatIsSaidTwiceIsOne() {
        var stage = Stage()
        queue(&stage, .queued, at: 30, time: 30, isReturn: true)
        queue(&stage, .queued, at: 31, time: 30, isReturn: true)
        #expect(stage.tracker.count == 1)
    }

    /// What follows the end within the queue's own time is told apart too.
    @Test func whatIsSaidLateOfTheFirstStayIsNotTheSeconds() {
        var stage = Stage()
        for word in twoStays.prefix(3) {
            queue(&stage, word.step, at: word.time, time: word.time, isReturn: word.isReturn)
        }
        queue(&stage, .agentFailed(agent: "z", outcome: .noAnswer, cause: Cause()), at: 31, time: 9)
        queue(&stage, .ended(CallFact.Ending(outcome: .answered)), at: 60, time: 60)
        #expect(stage.data(.callEnded)?.legs.isEmpty == true)
    }
}

extension CallFact.Step {
    fileprivate var isServing: Bool {
        if case .agentBridged = self { true } else { false }
    }
}
