import CallModel
import FoundationEssentials
import Testing

/// The clocks: the provider's, the host's, and what happens when one of them is wrong.
struct ClockTests {
    // MARK: - The host's clock is set

    @Test(arguments: [-7_200.0, 7_200.0, -31_536_000.0, 31_536_000.0])
    func aDeadlineStaysAsFarAwayAsItWas(_ change: Double) {
        var stage = Stage()
        stage.say(.ringing, at: 100)
        stage.tracker.hostClockChanged(by: .milliseconds(Int64(change * 1_000)))
        #expect(stage.tracker.nextDeadline() == Stage.time(280 + change))
        #expect(stage.pass(to: 279 + change).isEmpty)
        #expect(stage.pass(to: 280 + change).map(\.type) == [.callEnded])
        #expect(stage.pass(to: 282 + change).map(\.type) == [.callSummary])
    }

    @Test(arguments: [-7_200.0, 7_200.0])
    func aDurationByOurClockIsWhatReallyPassed(_ change: Double) {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        stage.say(.connected(nil), at: 5)
        stage.tracker.hostClockChanged(by: .milliseconds(Int64(change * 1_000)))
        stage.say(.ended(CallFact.Ending()), at: 35 + change)
        stage.pass(to: 38 + change)
        #expect(stage.data(.callSummary)?.ring == .seconds(5))
        #expect(stage.data(.callSummary)?.talk == .seconds(30))
    }

    @Test func theProvidersTimesDoNotMove() {
        var stage = Stage()
        stage.say(.ringing, at: 0, time: 0)
        stage.tracker.hostClockChanged(by: .hours(2))
        stage.say(.connected(nil), at: 7_205, time: 5)
        #expect(stage.data(.callConnected)?.times.ringing == Stage.time(0))
    }

    @Test func aWarningIsDueAsBefore() {
        var stage = Stage()
        let input = Fact.Content.unparsed(UnparsedInput(kind: "a", detail: "x"))
        stage.observe(input, at: 0)
        stage.tracker.hostClockChanged(by: .hours(2))
        #expect(stage.observe(input, at: 7_230).isEmpty)
        #expect(stage.observe(input, at: 7_261).count == 1)
    }

    @Test func everyCallThatMovedIsStored() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        _ = stage.tracker.takeChanges()
        stage.tracker.hostClockChanged(by: .hours(1))
        #expect(stage.tracker.takeChanges().changed.count == 1)
        stage.tracker.hostClockChanged(by: .milliseconds(0))
        #expect(stage.tracker.takeChanges().changed.isEmpty)
    }

    @Test func aClockThatWasSetBackWhileTheDaemonWasDownFreezesNothing() {
        var stage = Stage()
        stage.say(.ringing, at: 1_000)
        let calls = stage.tracker.takeChanges().changed
        var later = Stage()
        later.tracker.restore(
            calls, general: nil, now: Stage.time(10), grace: .minutes(1), lastAlive: Stage.time(1_030))
        #expect(later.pass(to: 159).isEmpty)
        #expect(later.pass(to: 160).map(\.type) == [.callEnded])
    }

    @Test func theWatchSeesTheClockBeSetAndNothingElse() {
        func time(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1_000) }
        var watch = ClockWatch(wall: time(1_000_000), ticks: time(50))
        #expect(watch.change(wall: time(1_000_010), ticks: time(60)) == nil)
        #expect(watch.change(wall: time(1_003_620), ticks: time(70)) == .hours(1))
        #expect(watch.change(wall: time(1_003_630), ticks: time(80)) == nil)
        #expect(watch.change(wall: time(1_000_040), ticks: time(90)) == .hours(-1))
        // A creeping clock is told of when it makes a difference.
        let slow = Timestamp(milliseconds: time(1_000_050).milliseconds + 900)
        #expect(watch.change(wall: slow, ticks: time(100)) == nil)
        let slower = Timestamp(milliseconds: time(1_000_060).milliseconds + 1_100)
        #expect(watch.change(wall: slower, ticks: time(110)) == .milliseconds(1_100))
    }

    /// A delivery stamped before the clock was set would come an hour before or after all that is remembered.
    @Test(arguments: [3_600, -3_600, 5, -5])
    func whatWaitedWhileTheClockWasSetMovesAlong(_ change: Int64) {
        func time(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1_000) }
        var watch = ClockWatch(wall: time(1_000_000), ticks: time(0))
        #expect(watch.moved(time(1_000_010), handedOver: time(10)) == time(1_000_010))
        _ = watch.change(wall: time(1_000_020 + change), ticks: time(20))
        // Stamped before, handed over before or in the same moment.
        #expect(watch.moved(time(1_000_010), handedOver: time(10)) == time(1_000_010 + change))
        #expect(watch.moved(time(1_000_019), handedOver: time(20)) == time(1_000_019 + change))
        // Stamped by the clock as it was set, before that was noticed.
        #expect(watch.moved(time(1_000_019 + change), handedOver: time(19)) == time(1_000_019 + change))
        // Later ones are what they are, even if they took long to be handed over.
        #expect(watch.moved(time(1_000_030 + change), handedOver: time(40)) == time(1_000_030 + change))
    }

    // MARK: - The provider's clock is wrong

    @Test(arguments: [(172_800.0, false), (-691_200.0, false), (86_000.0, true), (-518_400.0, true)])
    func aTimeThatCannotBeTrueIsDropped(_ ahead: Double, _ isBelieved: Bool) {
        var stage = Stage()
        let told = stage.say(.ringing, at: 10, time: 10 + ahead)
        #expect(told.map(\.type) == (isBelieved ? [.callRinging] : [.sourceUnparsed, .callRinging]))
        #expect((told.last?.time != nil) == isBelieved)
        #expect(told.last?.call?.provider.notes == (isBelieved ? [] : [.timeDropped]))
        guard case .unparsed(let input, _)? = told.first?.data else { return }
        #expect(input.kind == "implausible time")
    }

    @Test func theStreamIsToldOfWrongTimesOnce() {
        var stage = Stage()
        for call in 0..<10 { stage.say(.ringing, of: "call \(call)", at: Double(call), time: 1e9) }
        #expect(stage.types.count { $0 == .sourceUnparsed } == 1)
        #expect(stage.types.count { $0 == .callRinging } == 10)
    }

    @Test func theTimesThatAnEventRepeatsAreCheckedToo() {
        var stage = Stage()
        stage.say(.queued, at: 0, time: 0) { $0.queue = QueueStay(name: "q") }
        stage.say(.ended(CallFact.Ending(outcome: .answered)), at: 30, time: 30) {
            $0.joined = Stage.time(-1e9)
            $0.answered = Stage.time(1e9)
            $0.released = Stage.time(1e9)
        }
        stage.close()
        #expect(stage.data(.callSummary)?.times.connected == nil)
        #expect(stage.data(.callSummary)?.times.started == Stage.time(0))
    }

    @Test(arguments: [Int64.min, Int64.max])
    func noTimeIsTooWrong(_ milliseconds: Int64) {
        #expect(!Timestamp(milliseconds: milliseconds).isPlausible(at: Stage.start))
        #expect(!Stage.start.isPlausible(at: Timestamp(milliseconds: milliseconds)))
    }

    @Test(arguments: [-3_600.0, 0.0, 3_600.0])
    func theSkewIsMeasuredByTheQuickestReports(_ skew: Double) {
        var stage = Stage()
        for count in 0..<40 {
            // Every second one took long.
            let delay = count.isMultiple(of: 2) ? 0.1 : 20.0
            let at = Double(count) * 30
            stage.say(.ringing, of: "call \(count)", at: at + delay, time: at + skew)
        }
        let measured = stage.tracker.clockSkew(of: Stage.source)?.milliseconds
        #expect(measured == Int64(skew * 1_000) - 100)
    }

    @Test func aFewWrongTimesDoNotMoveTheSkewAndTooFewSayNothing() {
        var stage = Stage()
        for count in 0..<4 { stage.say(.ringing, of: "call \(count)", at: Double(count), time: Double(count)) }
        #expect(stage.tracker.clockSkew(of: Stage.source) == nil)
        for count in 4..<60 { stage.say(.ringing, of: "call \(count)", at: Double(count), time: Double(count)) }
        for count in 60..<64 { stage.say(.ringing, of: "call \(count)", at: Double(count), time: 40_000) }
        #expect(stage.tracker.clockSkew(of: Stage.source) == .milliseconds(0))
        // It forgets what was.
        for count in 64..<200 { stage.say(.ringing, of: "call \(count)", at: Double(count), time: Double(count) - 7) }
        #expect(stage.tracker.clockSkew(of: Stage.source) == .seconds(-7))
    }

    /// What was measured by the clock as it was is put into the terms of the clock as it is.
    @Test(arguments: [-3_600.0, 3_600.0])
    func aClockThatIsSetShowsAnotherSkewAtOnce(_ change: Double) {
        var stage = Stage()
        for count in 0..<64 { stage.say(.ringing, of: "call \(count)", at: Double(count), time: Double(count) - 2) }
        stage.tracker.hostClockChanged(by: .milliseconds(Int64(change * 1_000)))
        #expect(stage.tracker.clockSkew(of: Stage.source)?.milliseconds == Int64((-2 - change) * 1_000))
        stage.say(.ringing, of: "next", at: 64 + change, time: 62)
        #expect(stage.tracker.clockSkew(of: Stage.source)?.milliseconds == Int64((-2 - change) * 1_000))
    }

    /// However wrong a clock is, within belief, the calls go the same way.
    @Test(arguments: [-80_000.0, -3_600.0, 3_600.0, 80_000.0])
    func aSkewReordersNothing(_ skew: Double) {
        func run(_ skew: Double) -> Stage {
            var stage = Stage()
            stage.say(.ringing, of: "one", at: 0, time: 0 + skew) { $0.session = "s" }
            // Another line, whose source has no clock of its own.
            stage.say(.ringing, of: "two", at: 1) { $0.session = "s" }
            stage.say(.connected(nil), of: "two", at: 4) { $0.session = "s" }
            stage.say(.ended(CallFact.Ending()), of: "one", at: 5, time: 5 + skew)
            stage.say(.ended(CallFact.Ending()), of: "two", at: 60)
            stage.close()
            return stage
        }
        let skewed = run(skew)
        let right = run(0)
        #expect(skewed.types == right.types)
        #expect(skewed.told.map { $0.call?.outcome } == right.told.map { $0.call?.outcome })
        #expect(skewed.told.map { $0.call?.talk } == right.told.map { $0.call?.talk })
        #expect(skewed.told.map { $0.call?.ring } == right.told.map { $0.call?.ring })
    }
}
