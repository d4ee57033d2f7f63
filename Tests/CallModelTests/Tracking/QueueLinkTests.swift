import CallModel
import Testing

/// A queue stay and the agents' own line calls: two calls, one session, by the caller's number and the time.
struct QueueLinkTests {
    private let agent = Party(number: "+33199000002", kind: .e164, line: "+33199000002")

    private func queue(_ stage: inout Stage, _ step: CallFact.Step, at: Double, time: Double? = nil) {
        stage.say(step, of: "member", at: at, time: time ?? at) {
            $0.queue = QueueStay(name: "+33199000100")
            $0.session = "queue session"
        }
    }

    private func line(
        _ stage: inout Stage, _ step: CallFact.Step, at: Double, time: Double? = nil, of call: String = "line",
        caller: String = "+33639980011"
    ) {
        stage.say(step, of: call, at: at, time: time ?? at) {
            $0.local = agent
            $0.remote = Party(number: caller, kind: .e164)
            $0.session = "\(call) session"
        }
    }

    private func sessions(_ stage: Stage) -> Set<String> {
        Set(["member", "line"].compactMap { stage.tracker.call(named: CallKey(rawValue: $0))?.session })
    }

    @Test(arguments: [true, false])
    func theyAreLinkedWhicheverComesFirst(_ queueFirst: Bool) {
        var stage = Stage()
        if queueFirst { queue(&stage, .queued, at: 0) }
        line(&stage, .ringing, at: 1)
        if !queueFirst { queue(&stage, .queued, at: 1.5, time: 0) }
        #expect(sessions(stage) == ["queue session"])
        #expect(stage.tracker.count == 2)
        // Readers know: from the opening, or by an update, which says that it is a conclusion.
        let told = stage.told.last { $0.call?.local == agent }?.call
        #expect(told?.session == "queue session")
        #expect(told?.basis == .inferred(why: "linked with a queue by the caller's number and the time"))
        #expect(stage.tracker.call(named: CallKey(rawValue: "member"))?.data().basis == .reported)
        // What the provider says of the line itself is none.
        line(&stage, .connected(nil), at: 5)
        #expect(stage.data(.callConnected)?.basis == .reported)
        line(&stage, .ended(CallFact.Ending()), at: 30)
        stage.pass(to: 40)
        #expect(stage.data(.callSummary)?.basis == .reported)
    }

    /// Nor does the link hide what else was concluded.
    @Test func aLinkExplainsNoOutcome() {
        var stage = Stage()
        line(&stage, .ringing, at: 1)
        line(&stage, .ringingStopped, at: 3)
        stage.say(.ended(CallFact.Ending()), of: "line", at: 4.5, time: 20) {
            $0.local = agent
            $0.session = "line session"
        }
        queue(&stage, .queued, at: 5, time: 0)
        stage.pass(to: 9)
        let why = "released well after the ringing stopped; the answer itself was not seen"
        #expect(stage.data(.callSummary)?.basis == .inferred(why: why))
        #expect(stage.data(.callSummary)?.session == "queue session")
    }

    /// Nothing was told when they were linked: whatever tells of the session says what it is.
    @Test func aLinkOfALineThatIsNotToldYetIsToldWithIt() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        line(&stage, .ringingStopped, at: 1)
        stage.pass(to: 9)
        let ended = stage.told.first { $0.type == .callEnded }?.call
        #expect(ended?.session == "queue session")
        #expect(ended?.basis != .reported)
        line(&stage, .connected(nil), at: 10, time: 1.1)
        #expect(stage.data(.callCorrected)?.outcome == .answered)
        #expect(stage.data(.callCorrected)?.basis == .reported)
    }

    /// And what comes after that is what the provider says.
    @Test func aLinkOfALineThatIsNotToldYetIsToldOnce() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        line(&stage, .ringingStopped, at: 1)
        line(&stage, .connected(nil), at: 1.1)
        #expect(stage.data(.callConnected)?.basis != .reported)
        line(&stage, .ended(CallFact.Ending()), at: 30)
        stage.pass(to: 40)
        #expect(stage.data(.callEnded)?.basis == .reported)
        #expect(stage.data(.callSummary)?.basis == .reported)
    }

    /// Whoever asks why readers were told of a link finds the rule before it.
    @Test(arguments: [true, false])
    func aLinkIsConcludedBeforeItIsTold(_ queueFirst: Bool) {
        var stage = Stage()
        stage.tracker.startTracing()
        func queued() -> [EventDraft] {
            stage.say(.queued, of: "member", at: 2, time: 0) { $0.queue = QueueStay(name: "q") }
        }
        // Of two telephones of one call the second comes along with the first.
        func ringing(_ call: String, isNamed: Bool) -> [EventDraft] {
            stage.say(.ringing, of: call, at: 2, time: 1) {
                $0.session = "theirs"
                if !isNamed { $0.remote = nil }
            }
        }
        if queueFirst {
            _ = queued()
        } else {
            _ = ringing("one", isNamed: true)
            _ = ringing("two", isNamed: false)
        }
        _ = stage.tracker.takeTrace()
        let told = queueFirst ? ringing("one", isNamed: true) : queued()
        let links = stage.tracker.takeTrace().filter { $0.rule == .linkedWithQueue }
        let updates = told.indices.filter { told[$0].type == .callUpdated }
        #expect(updates.count == (queueFirst ? 1 : 2))
        for update in updates {
            #expect(links.contains { $0.call.rawValue == told[update].subject && $0.toldBefore <= update })
        }
    }

    @Test func aCallOfTheLinesOwnSessionThatComesLaterIsLinkedToo() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        line(&stage, .ringing, at: 1)
        stage.say(.connected(nil), of: "other end", at: 2, direction: .outbound) { $0.session = "line session" }
        #expect(stage.tracker.call(named: CallKey(rawValue: "other end"))?.session == "queue session")
    }

    /// A queue has a token of its own, and so may have a source of its own.
    @Test(arguments: [("ovh", true), ("ovh", false), ("keyyo", true)])
    func sourcesOfOneProviderAreLinked(_ provider: String, _ queueFirst: Bool) {
        var stage = Stage()
        let lines = SourceName(provider: ProviderID(rawValue: provider), name: "lines")
        if queueFirst { queue(&stage, .queued, at: 0) }
        stage.source = lines
        line(&stage, .ringing, at: 1)
        stage.source = Stage.source
        if !queueFirst { queue(&stage, .queued, at: 1.5, time: 0) }
        #expect((sessions(stage) == ["queue session"]) == (provider == "ovh"))
        // The answer in the queue means something for the line, whose events stay those of its source.
        stage.source = lines
        line(&stage, .ended(CallFact.Ending()), at: 5)
        stage.source = Stage.source
        queue(&stage, .agentBridged(agent: "a", line: nil), at: 5.1)
        stage.pass(to: 10)
        let summary = stage.told.first { $0.type == .callSummary }
        #expect(summary?.source == lines)
        #expect(summary?.call?.outcome == (provider == "ovh" ? .answeredElsewhere : .missed))
    }

    /// A switchboard calls all day under one number, and OVH ends no call that nobody takes.
    @Test func callsThatAreLongOverTakeNoPlaceAmongThoseOfACaller() {
        var stage = Stage()
        for call in 0..<80 {
            line(&stage, .ringing, at: Double(call) * 20, of: "missed \(call)")
            line(&stage, .ringingStopped, at: Double(call) * 20 + 5, of: "missed \(call)")
        }
        queue(&stage, .queued, at: 5_000)
        line(&stage, .ringing, at: 5_001)
        #expect(sessions(stage) == ["queue session"])
    }

    @Test func aQueueWithoutASessionGetsOne() {
        var stage = Stage()
        stage.say(.queued, of: "member", at: 0, time: 0) { $0.queue = QueueStay(name: "q") }
        line(&stage, .ringing, at: 1)
        #expect(sessions(stage).count == 1)
        stage.say(.ended(CallFact.Ending(outcome: .abandoned)), of: "member", at: 9)
        stage.close()
        #expect(stage.told.last { $0.type == .callSummary }?.call?.session != nil)
    }

    @Test func anotherCallerIsNotLinked() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        line(&stage, .ringing, at: 1, caller: "+33639980012")
        #expect(sessions(stage).count == 2)
    }

    @Test func aHiddenCallerIsNotLinked() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        stage.say(.ringing, of: "line", at: 1) {
            $0.remote = Party(kind: .anonymous)
            $0.session = "line session"
        }
        #expect(sessions(stage).count == 2)
    }

    @Test func aCallThatBeginsWhenTheOtherIsOverIsNotLinked() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        queue(&stage, .ended(CallFact.Ending(outcome: .abandoned)), at: 10)
        line(&stage, .ringing, at: 11)
        #expect(sessions(stage).count == 2)

        var other = Stage()
        line(&other, .ringing, at: 0)
        line(&other, .ended(CallFact.Ending()), at: 10)
        queue(&other, .queued, at: 11)
        #expect(sessions(other).count == 2)
    }

    /// The queue's events took long: it was there all the time, by the clock that timed both.
    @Test func aQueueHeardOfAfterTheLinesEndIsLinkedByItsTimes() {
        var stage = Stage()
        line(&stage, .ringing, at: 1)
        line(&stage, .ended(CallFact.Ending()), at: 10)
        queue(&stage, .queued, at: 11, time: 0)
        #expect(sessions(stage) == ["queue session"])
    }

    @Test func aCallThatGoesOutIsNotLinked() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        stage.say(.initiated, of: "line", at: 1, direction: .outbound) { $0.session = "line session" }
        #expect(sessions(stage).count == 2)
    }

    @Test func theLineWhoseAgentLostTheRaceIsAnsweredElsewhere() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        queue(&stage, .agentOffered(agent: "this", line: "+33199000002"), at: 1)
        line(&stage, .ringing, at: 1)
        line(&stage, .ringingStopped, at: 5)
        queue(&stage, .agentBridged(agent: "other", line: "+33199000003"), at: 5.2)
        stage.pass(to: 8)
        #expect(stage.data(.callSummary)?.outcome == .answeredElsewhere)
    }

    /// And before the queue said so it was called missed.
    @Test func aSummaryThatCameTooSoonIsCorrected() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        queue(&stage, .agentOffered(agent: "this", line: "+33199000002"), at: 1)
        line(&stage, .ringing, at: 1)
        line(&stage, .ringingStopped, at: 5)
        stage.pass(to: 8)
        #expect(stage.data(.callSummary)?.outcome == .missed)
        queue(&stage, .agentBridged(agent: "other", line: "+33199000003"), at: 9)
        #expect(stage.data(.callCorrected)?.outcome == .answeredElsewhere)
        // It never came to be, and is missed after all.
        queue(&stage, .agentUnbridged(agent: "other", bridged: false), at: 10)
        #expect(stage.told.last { $0.call?.local == agent }?.call?.outcome == .missed)
    }

    @Test func theLineThatTheQueueConnectedIsAnsweredEvenIfItDidNotSaySo() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        line(&stage, .ringing, at: 1)
        line(&stage, .ringingStopped, at: 5)
        queue(&stage, .agentBridged(agent: "this", line: "+33199000002"), at: 5.2)
        stage.pass(to: 8)
        #expect(stage.data(.callSummary)?.outcome == .answered)
    }

    @Test func aCallerIsNeverServedElsewhereThanHeWas() {
        var stage = Stage()
        queue(&stage, .queued, at: 0)
        queue(&stage, .agentOffered(agent: "this", line: "+33199000002"), at: 4)
        line(&stage, .connected(nil), at: 5)
        queue(&stage, .ended(CallFact.Ending(unanswered: .unknown)), at: 30)
        stage.pass(to: 40)
        #expect(stage.data(.callSummary)?.outcome == .answered)
    }

    /// One company calls with one number all day.
    @Test(.timeLimit(.minutes(1)))
    func aCallerOfThousandsIsBounded() {
        var stage = Stage()
        for call in 0..<2_000 { line(&stage, .ringing, at: 0, of: "line \(call)") }
        queue(&stage, .queued, at: 1)
        #expect(stage.types.count { $0 == .callUpdated } <= 64)
    }
}
