import Testing

@testable import CallModel

/// A batch that could not be kept: the tracker is as if it had never come.
struct RevertingTests {
    /// The older one is over for long, and its end was not heard: its name alone still finds it.
    @Test func aNameThatANewCallTookIsTheOldersAgain() throws {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        stage.pass(to: 1_000)
        let older = try #require(stage.tracker.call(named: CallKey(rawValue: "call")))
        _ = stage.tracker.takeChanges()
        stage.tracker.mark()
        stage.say(.ringing, at: 1_001)
        let newer = try #require(stage.tracker.call(named: CallKey(rawValue: "call")))
        try #require(newer.id != older.id)
        stage.tracker.revert()
        #expect(stage.tracker.call(named: CallKey(rawValue: "call")) == older)
        #expect(stage.tracker.count == 1)
        #expect(stage.tracker.takeChanges().changed.isEmpty)
    }

    @Test func aDeadlineThatPassedInVainPassesAgain() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        for _ in 0..<3 {
            stage.tracker.mark()
            #expect(stage.pass(to: 180).map(\.type) == [.callEnded])
            #expect(stage.tracker.takeChanges().changed.count == 1)
            stage.tracker.revert()
            #expect(stage.tracker.nextDeadline() == Stage.time(180))
        }
        #expect(stage.pass(to: 180).map(\.type) == [.callEnded])
        #expect(stage.tracker.takeChanges().changed.count == 1)
        #expect(stage.close().filter { $0.type == .callSummary }.count == 1)
    }

    @Test func aCallThatWasForgottenIsRemembered() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        stage.say(.ended(CallFact.Ending()), at: 5)
        stage.pass(to: 10)
        _ = stage.tracker.takeChanges()
        stage.tracker.mark()
        stage.close()
        #expect(stage.tracker.takeChanges().forgotten.count == 1)
        stage.tracker.revert()
        #expect(stage.tracker.takeChanges().forgotten.isEmpty)
        #expect(stage.say(.connected(nil), at: 20).map(\.type) == [.callCorrected])
    }

    @Test func whatWasToBeWrittenBeforeIsStillToBeWritten() {
        var stage = Stage()
        stage.say(.ringing, of: "one", at: 0)
        stage.tracker.mark()
        stage.say(.ringing, of: "two", at: 1)
        #expect(stage.tracker.takeChanges().changed.count == 2)
        stage.tracker.revert()
        let changes = stage.tracker.takeChanges()
        #expect(changes.changed.map(\.keys) == [[CallKey(rawValue: "one")]])
        #expect(changes.general != nil)
        stage.tracker.mark()
        stage.say(.ringing, of: "three", at: 2)
        #expect(stage.tracker.takeChanges().changed.count == 1)
        stage.tracker.settle()
        stage.tracker.revert()
        #expect(stage.tracker.count == 2)
    }

    @Test func aLineThatWasLearntInVainIsNotKnown() {
        var stage = Stage()
        stage.tracker.mark()
        stage.observe(.lineRegistered(line: "+33199000001"), at: 0)
        #expect(stage.tracker.takeChanges().general != nil)
        stage.tracker.revert()
        #expect(!stage.tracker.index.isOurs("+33199000001", of: Stage.source))
        #expect(stage.tracker.takeChanges().general == nil)
    }

    /// An outage of hours takes no memory: what one attempt left is gone when there is too much of it.
    @Test func attemptsLeaveNothingThatGrows() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        for attempt in 0..<1_000 {
            stage.tracker.mark()
            stage.say(.ringing, of: "call-\(attempt)", at: 1)
            stage.say(.connected(nil), at: 1)
            _ = stage.tracker.takeChanges()
            stage.tracker.revert()
        }
        #expect(stage.tracker.count == 1)
        #expect(stage.tracker.deadlines.count < 1_500)
    }
}
