import CallModel
import Testing

/// A caller who leaves a queue and comes back at once: what queues tell is dated by whole seconds, and both stays
/// have one name (`docs/events.md`, States, 11).
struct ReturnTests {
    /// `time` is when it really happens.
    private struct Word {
        var step: CallFact.Step
        var time: Double
        var isReturn = false
        /// Of the second stay.
        var isSecond = false
    }

    /// The first stay, to `back` less `gap`, and the second; in each an agent is rung, in the first one in vain.
    private static func words(back: Double, gap: Double, isServed: Bool) -> [Word] {
        let gone = back - gap
        let first = [
            Word(step: .queued, time: 0.5),
            Word(step: .agentOffered(agent: "a", line: nil), time: 1.5),
            Word(step: .agentFailed(agent: "a", outcome: .abandoned, cause: Cause()), time: gone),
            Word(step: .ended(CallFact.Ending(outcome: .abandoned)), time: gone),
        ]
        let served = [
            Word(step: .agentBridged(agent: "a", line: nil), time: back + 7, isSecond: true),
            Word(step: .ended(CallFact.Ending(outcome: .answered)), time: back + 30, isSecond: true),
        ]
        let inVain = [
            Word(step: .agentFailed(agent: "a", outcome: .abandoned, cause: Cause()), time: back + 30, isSecond: true),
            Word(step: .ended(CallFact.Ending(outcome: .abandoned)), time: back + 30, isSecond: true),
        ]
        return first + [
            Word(step: .queued, time: back, isReturn: true, isSecond: true),
            Word(step: .agentOffered(agent: "a", line: nil), time: back + 0.02, isSecond: true),
        ] + (isServed ? served : inVain)
    }

    private func say(_ stage: inout Stage, _ word: Word, at: Double, namesChannel: Bool) {
        stage.say(
            word.step, at: at, time: word.time.rounded(.down), channel: namesChannel ? word.isSecond ? "2" : "1" : nil
        ) {
            $0.queue = QueueStay(name: "q")
            $0.isReturn = word.isReturn
        }
    }

    private func stays(_ stage: Stage) -> [CallData] {
        var last: [String: CallData] = [:]
        for draft in stage.told {
            if let call = draft.call, call.outcome != nil { last[draft.subject] = call }
        }
        return last.values.sorted { ($0.times.started ?? Stage.start) < ($1.times.started ?? Stage.start) }
    }

    /// His end is not heard, but in the second of his return the agent who was rung for him had ended: it is the call
    /// that readers know which is over, and the return is another one.
    @Test func whatEndedInTheSecondOfTheReturnIsOver() {
        var stage = Stage()
        let words = [
            Word(step: .queued, time: 10),
            Word(step: .agentOffered(agent: "a", line: nil), time: 11),
            Word(step: .agentFailed(agent: "a", outcome: .abandoned, cause: Cause()), time: 20),
            Word(step: .queued, time: 20, isReturn: true, isSecond: true),
        ]
        for word in words { say(&stage, word, at: 100 + word.time, namesChannel: false) }
        let queued = stage.told.filter { $0.type == .callQueued }.map(\.subject)
        #expect(queued.count == 2)
        #expect(stage.told.first { $0.type == .callEnded }?.subject == queued.first)
    }

    /// However soon he is back, wherever in a second he left, and whichever two neighbours change places.
    @Test(
        arguments: [0.06, 0.3, 0.7, 1.1], [true, false])
    func whoComesBackAtOnceHasTwoStays(_ gap: Double, _ namesChannel: Bool) {
        for tenth in 0..<10 {
            for isServed in [true, false] {
                let back = 20 + Double(tenth) / 10
                let words = Self.words(back: back, gap: gap, isServed: isServed)
                for swapped in -1..<words.count - 1 {
                    // Which of two ends of one second is whose, nothing but the channel tells.
                    if swapped >= 0, !namesChannel { continue }
                    var order = words
                    if swapped >= 0 { order.swapAt(swapped, swapped + 1) }
                    var stage = Stage()
                    var at = 100.0
                    for word in order {
                        at = max(at + 0.01, 100 + word.time)
                        say(&stage, word, at: at, namesChannel: namesChannel)
                    }
                    stage.close()
                    let stays = stays(stage)
                    let told = "back at \(back), swapped \(swapped), served \(isServed): \(stays.map(\.legs))"
                    #expect(stays.map(\.outcome) == [.abandoned, isServed ? .answered : .abandoned], "\(told)")
                    #expect(stage.types.count { $0 == .callSummary } == 2, "\(told)")
                    guard stays.count == 2 else { continue }
                    #expect(stays[0].times.ended == Stage.time((back - gap).rounded(.down)), "\(told)")
                    #expect(stays[1].times.started == Stage.time(back.rounded(.down)), "\(told)")
                    #expect(stays[1].wait == .seconds(isServed ? 7 : 30), "\(told)")
                }
            }
        }
    }

    private static let tied: [Word] = [
        Word(step: .queued, time: 0), Word(step: .ended(CallFact.Ending(outcome: .abandoned)), time: 10),
        Word(step: .queued, time: 10, isReturn: true, isSecond: true),
        Word(step: .agentBridged(agent: "a", line: nil), time: 16, isSecond: true),
        Word(step: .ended(CallFact.Ending(outcome: .answered)), time: 60, isSecond: true),
    ]

    /// The end of the first stay, or its beginning, or the return, is heard late.
    @Test(
        arguments: [
            [0, 1, 2, 3, 4], [0, 2, 1, 3, 4], [0, 2, 3, 1, 4], [0, 2, 3, 4, 1], [2, 0, 1, 3, 4], [2, 1, 0, 3, 4],
            [1, 2, 0, 3, 4], [0, 3, 2, 1, 4], [0, 3, 2, 4, 1], [0, 3, 4, 2, 1], [0, 1, 3, 2, 4], [0, 1, 3, 4, 2],
            [0, 1, 4, 2, 3],
        ], [true, false])
    func anyOrderTellsTwoStays(_ order: [Int], _ namesChannel: Bool) {
        // Without a channel an end that is heard after a return and before anything of the first stay is taken to be
        // the second one's, and a second end is taken to be nobody's.
        if !namesChannel, [[2, 1, 0, 3, 4], [0, 1, 4, 2, 3]].contains(order) { return }
        var stage = Stage()
        for (place, number) in order.enumerated() {
            say(&stage, Self.tied[number], at: 100 + Double(place) * 0.1, namesChannel: namesChannel)
        }
        stage.close()
        let stays = stays(stage)
        #expect(stays.map(\.outcome) == [.abandoned, .answered])
        #expect(stays.map(\.wait) == [.seconds(10), .seconds(6)])
        #expect(stays.allSatisfy { $0.basis == .reported })
        #expect(stage.types.count { $0 == .callSummary } == 2)
    }

    /// Each stay has one end: a second one in the same second is that of the second stay.
    @Test func whoIsGoneAgainAtOnceHasTwoEnds() {
        var stage = Stage()
        let end = Word(step: .ended(CallFact.Ending(outcome: .abandoned)), time: 10.9, isSecond: true)
        for (place, word) in (Self.tied.prefix(3) + [end]).enumerated() {
            say(&stage, word, at: 100 + Double(place) * 0.1, namesChannel: false)
        }
        #expect(stage.tracker.openCalls.isEmpty)
        stage.close()
        #expect(stays(stage).map(\.wait) == [.seconds(10), .seconds(0)])
    }

    /// The return of a third stay is known; that of the second, which is heard now, tears nothing apart.
    @Test func aReturnToAStayThatIsOverSplitsNothing() {
        var stage = Stage()
        for (place, number) in [0, 1].enumerated() {
            say(&stage, Self.tied[number], at: 100 + Double(place) * 0.1, namesChannel: false)
        }
        say(&stage, Word(step: .queued, time: 40, isReturn: true), at: 101, namesChannel: false)
        say(&stage, Self.tied[2], at: 102, namesChannel: false)
        stage.close()
        #expect(stays(stage).first?.times.ended == Stage.time(10))
        #expect(stays(stage).first?.wait == .seconds(10))
    }

    // MARK: - A stay that turns out to be two

    private let one = "+33199000001"
    private let two = "+33199000002"

    private func queue(_ stage: inout Stage, _ step: CallFact.Step, at: Double, time: Double? = nil, _ channel: String?)
    {
        stage.say(step, of: "member", at: at, time: time ?? at, channel: channel) {
            $0.queue = QueueStay(name: "q")
            $0.session = channel.map { "session \($0)" }
            if case .queued = step { $0.isReturn = time != nil }
        }
    }

    private func line(_ stage: inout Stage, _ step: CallFact.Step, at: Double, of call: String, on number: String) {
        stage.say(step, of: call, at: at, time: at) {
            $0.local = Party(number: number, kind: .e164, line: number)
            $0.session = "session of \(call)"
        }
    }

    private func call(_ stage: Stage, _ key: String) -> TrackedCall? {
        stage.tracker.call(named: CallKey(rawValue: key))
    }

    /// What is known of agents, offers, sessions and lines is that of the stay which it was said of; also where one
    /// agent is rung in both.
    @Test(arguments: ["1", nil], [true, false])
    func aStayThatIsSplitSharesWhatItHas(_ channel: String?, _ isSameAgent: Bool) throws {
        let second = channel.map { _ in "2" }
        let (agent, number) = isSameAgent ? ("a", one) : ("b", two)
        var stage = Stage()
        queue(&stage, .queued, at: 0, channel)
        queue(&stage, .agentOffered(agent: "a", line: one), at: 1, channel)
        line(&stage, .ringing, at: 1.3, of: "early", on: one)
        queue(&stage, .agentFailed(agent: "a", line: one, outcome: .noAnswer, cause: Cause()), at: 18, channel)
        line(&stage, .ringingStopped, at: 18.1, of: "early", on: one)
        let early = try #require(call(stage, "early"))
        queue(&stage, .agentOffered(agent: agent, line: number), at: 41, second)
        line(&stage, .ringing, at: 41.3, of: "late", on: number)
        let told = stage.told.count
        queue(&stage, .queued, at: 42, time: 40, second)
        let later = try #require(call(stage, "member"))
        let first = try #require(stage.told[told...].first { $0.type == .callQueued })
        #expect(later.session != first.call?.session)
        #expect(later.session == (channel == nil ? later.session : "session 2"))
        #expect(first.call?.session == (channel == nil ? first.call?.session : "session 1"))
        #expect(first.call?.provider.session == channel)
        #expect(call(stage, "late")?.session == later.session)
        #expect(later.words.session == second)
        #expect(stage.tracker.call(early.id)?.session == first.call?.session)
        // Of an agent who is rung again no more is known than that he was rung before.
        #expect(first.call?.legs.map(\.outcome) == (isSameAgent ? [] : [.noAnswer]))
        #expect(later.data().legs.map(\.agent) == [agent])
        if channel != nil {
            // Readers are told that the line goes over to the second stay.
            #expect(
                stage.told[told...].contains {
                    $0.type == .callUpdated && $0.call?.local?.line == number && $0.call?.session == later.session
                })
        }
        line(&stage, .connected(nil), at: 45, of: "late", on: number)
        queue(&stage, .agentBridged(agent: agent, line: number), at: 45, second)
        queue(&stage, .ended(CallFact.Ending(outcome: .answered)), at: 60, second)
        line(&stage, .ended(CallFact.Ending()), at: 60, of: "late", on: number)
        stage.close()
        let last = stage.told.last { $0.subject == early.id.rawValue && $0.call?.outcome != nil }?.call
        #expect(last?.outcome == .missed)
        #expect(stays(stage).first { $0.queue != nil }?.outcome == .abandoned)
    }
}
