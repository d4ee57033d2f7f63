import CallModel
import FoundationEssentials
import Testing

/// What a restart, a full table and a flood of misunderstood input do.
struct RestartTests {
    /// What the journal would hold.
    private func stored(_ stage: inout Stage) throws -> ([TrackedCall], CallTracker.General?) {
        let changes = stage.tracker.takeChanges()
        let calls = try JSONDecoder().decode([TrackedCall].self, from: JSONEncoder().encode(changes.changed))
        let general = try changes.general.map {
            try JSONDecoder().decode(CallTracker.General.self, from: JSONEncoder().encode($0))
        }
        return (calls, general)
    }

    @Test func anOpenCallGoesOn() throws {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        let (calls, general) = try stored(&stage)
        var later = Stage()
        later.tracker.restore(calls, general: general, now: Stage.time(10), grace: .minutes(1))
        #expect(later.tracker.liveCalls.map(\.id) == stage.tracker.liveCalls.map(\.id))
        later.say(.connected(nil), at: 12)
        #expect(later.types == [.callConnected])
        #expect(later.told.first?.subject == stage.told.first?.subject)
    }

    @Test func anOverdueCallGetsAGrace() throws {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        let (calls, general) = try stored(&stage)
        var later = Stage()
        later.tracker.restore(calls, general: general, now: Stage.time(50_000), grace: .minutes(1))
        #expect(later.pass(to: 50_059).isEmpty)
        #expect(later.pass(to: 50_060).map(\.type) == [.callEnded])
    }

    /// Deadlines count from the times in the journal: only one that passed meanwhile is put off.
    @Test func aDeadlineThatIsStillToComeStays() throws {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        let (calls, general) = try stored(&stage)
        var later = Stage()
        later.tracker.restore(calls, general: general, now: Stage.time(175), grace: .minutes(1))
        #expect(later.pass(to: 179).isEmpty)
        #expect(later.pass(to: 180).map(\.type) == [.callEnded])
    }

    @Test func aSummaryThatWasDueComesAtOnceAndOnce() throws {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        stage.say(.ended(CallFact.Ending()), at: 5)
        let (calls, general) = try stored(&stage)
        var later = Stage()
        later.tracker.restore(calls, general: general, now: Stage.time(100), grace: .minutes(1))
        let told = later.pass(to: 100)
        #expect(told.map(\.type) == [.callSummary])
        #expect(told.first?.observed == Stage.time(7))
        #expect(later.close().isEmpty)
    }

    @Test func whatWasToldIsKnown() throws {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        stage.say(.ended(CallFact.Ending()), at: 5)
        stage.pass(to: 10)
        let (calls, general) = try stored(&stage)
        var later = Stage()
        later.tracker.restore(calls, general: general, now: Stage.time(20), grace: .minutes(1))
        #expect(later.say(.ended(CallFact.Ending()), at: 21).isEmpty)
        let corrected = later.say(.connected(nil), at: 22)
        #expect(corrected.map(\.type) == [.callCorrected])
        #expect(corrected.first?.call?.corrects == stage.told.last?.id)
    }

    @Test func onlyWhatChangedIsHandedOut() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        #expect(stage.tracker.takeChanges().changed.count == 1)
        #expect(stage.tracker.takeChanges().changed.isEmpty)
        stage.say(.ringing, at: 1, word: "ringing")
        #expect(stage.tracker.takeChanges().changed.isEmpty)
        stage.pass(to: 1_000)
        let changes = stage.tracker.takeChanges()
        #expect(changes.changed.map(\.isOpen) == [false])
        stage.pass(to: 400_000)
        #expect(stage.tracker.takeChanges().forgotten.count == 1)
        #expect(stage.tracker.count == 0)
    }

    // MARK: - Bounds

    @Test func aFullTableForgetsWhatIsOverAndTold() {
        var stage = Stage(limits: TrackerLimits(maximumCalls: 4))
        for call in 0..<3 {
            stage.say(.ringing, of: "over \(call)", at: Double(call))
            stage.say(.ended(CallFact.Ending()), of: "over \(call)", at: Double(call))
        }
        stage.pass(to: 10)
        stage.say(.ringing, of: "open", at: 11)
        stage.say(.ringing, of: "next", at: 12)
        #expect(stage.tracker.count == 4)
        #expect(stage.tracker.liveCalls.count == 2)
        #expect(stage.tracker.takeChanges().forgotten.count == 1)
    }

    /// Some must go, a sixteenth so that not every new one searches the table, and properly: their ends are told now,
    /// not at the time they would have been due.
    @Test func aTableFullOfOpenCallsClosesThoseDueNext() {
        var stage = Stage(limits: TrackerLimits(maximumCalls: 50))
        for call in 0..<50 { stage.say(.connected(nil), of: "call \(call)", at: Double(call)) }
        let told = stage.say(.connected(nil), of: "one too many", at: 100)
        let ended = Array(repeating: [EventType.callEnded, .callSummary], count: 3).flatMap { $0 }
        #expect(told.map(\.type) == [.callConnected] + ended)
        #expect(told.dropFirst().allSatisfy { $0.call?.cause?.code == "lost" })
        #expect(told.allSatisfy { $0.observed == Stage.time(100) })
        #expect(stage.tracker.liveCalls.count == 48)
        let gone = (0..<50).filter { stage.tracker.call(named: CallKey(rawValue: "call \($0)")) == nil }
        #expect(gone == [0, 1, 2])
        // Then there is room.
        #expect(stage.say(.connected(nil), of: "another", at: 101).count == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func aFloodOfCallsStaysWithinTheTable() {
        var stage = Stage(limits: TrackerLimits(maximumCalls: 200))
        for call in 0..<5_000 { stage.say(.ringing, of: "call \(call)", at: Double(call) / 100) }
        #expect(stage.tracker.count <= 200)
        stage.close()
        #expect(stage.types.count { $0 == .callEnded } == 5_000)
        #expect(stage.types.count { $0 == .callSummary } == 5_000)
    }

    @Test(.timeLimit(.minutes(1)))
    func aCallOnAndOffHoldForeverStaysSmall() {
        var stage = Stage()
        stage.say(.connected(nil), at: 0)
        for turn in 0..<10_000 { stage.say(turn.isMultiple(of: 2) ? .held : .resumed, at: 1 + Double(turn) / 10) }
        #expect(stage.tracker.count == 1)
        stage.say(.ended(CallFact.Ending()), at: 2_000)
        #expect(stage.close().map(\.type) == [.callSummary])
    }

    // MARK: - Input that was not understood

    @Test func misunderstoodInputIsToldOnceThenOnceAMinute() {
        var stage = Stage()
        func note(_ kind: String, at: Double) -> Int? {
            let told = stage.observe(.unparsed(UnparsedInput(kind: kind, detail: "x")), at: at)
            guard case .unparsed(_, let count)? = told.first?.data else { return nil }
            return count
        }
        #expect(note("a", at: 0) == 1)
        #expect(note("a", at: 1) == nil)
        #expect(note("b", at: 2) == 1)
        #expect(note("a", at: 59.9) == nil)
        #expect(note("a", at: 60) == 4)
        #expect(note("a", at: 61) == nil)
    }

    @Test func theCountSurvivesARestart() throws {
        var stage = Stage()
        stage.observe(.unparsed(UnparsedInput(kind: "a", detail: "x")), at: 0)
        let (calls, general) = try stored(&stage)
        var later = Stage()
        later.tracker.restore(calls, general: general, now: Stage.time(1), grace: .minutes(1))
        #expect(later.observe(.unparsed(UnparsedInput(kind: "a", detail: "x")), at: 2).isEmpty)
        #expect(later.observe(.unparsed(UnparsedInput(kind: "a", detail: "x")), at: 62).count == 1)
    }

    @Test func theKindsAreBounded() {
        var stage = Stage()
        for kind in 0..<3_000 {
            stage.observe(.unparsed(UnparsedInput(kind: "kind \(kind)", detail: "x")), at: 0)
        }
        // A thousand kinds, and one for all the others.
        #expect(stage.told.count == 1_001)
    }

    @Test func theHealthOfASourceIsPassedOn() {
        var stage = Stage()
        for change in [SourceReport.Change.up, .down, .degraded, .gap] {
            stage.observe(.health(SourceReport(change: change, reason: "why")), at: 0)
        }
        #expect(stage.types == [.sourceUp, .sourceDown, .sourceDegraded, .sourceGap])
        #expect(stage.told.allSatisfy { $0.subject == "ovh/paris" })
    }
}
