import CallModel
import Testing

/// After a restart an open call is as it was, as far as anybody knows.
struct StaleTests {
    private func restarted(_ stage: inout Stage, at seconds: Double, isRestart: Bool = true) -> Stage {
        var later = Stage()
        later.tracker.restore(
            stage.tracker.takeChanges().changed, general: nil, now: Stage.time(seconds), grace: .minutes(1),
            isRestart: isRestart)
        return later
    }

    @Test func anOpenCallIsStaleUntilItIsHeardOf() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        #expect(stage.tracker.liveCalls.map { $0.data().isStale } == [false])
        var later = restarted(&stage, at: 10)
        #expect(later.tracker.liveCalls.map { $0.data().isStale } == [true])
        // The journal's own copy says so too.
        #expect(later.tracker.takeChanges().changed.map { $0.data().isStale } == [true])
        #expect(later.say(.connected(nil), at: 12).first?.call?.isStale == false)
        #expect(later.tracker.liveCalls.map { $0.data().isStale } == [false])
    }

    /// Readers of the snapshot must hear that it is stale no longer.
    @Test func aWordThatMovesNothingConfirmsAndIsTold() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        stage.say(.ringing, at: 1)
        var later = restarted(&stage, at: 10)
        let told = later.say(.ringing, at: 12)
        #expect(told.map(\.type) == [.callUpdated])
        #expect(told.first?.call?.isStale == false)
        #expect(later.say(.ringing, at: 13).isEmpty)
    }

    @Test func theEndOfAStaleCallIsNotStale() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        var later = restarted(&stage, at: 10)
        later.close()
        #expect(later.types == [.callEnded, .callSummary])
        #expect(later.told.allSatisfy { $0.call?.isStale == false })
    }

    @Test func whatOtherCallsMeanForItConfirmsNothing() {
        var stage = Stage()
        let one = Party(number: "+33199000001", kind: .e164)
        let two = Party(number: "+33199000002", kind: .e164)
        stage.say(.ringing, of: "called", at: 0) { ($0.session, $0.local, $0.remote) = ("s", two, one) }
        var later = restarted(&stage, at: 10)
        // The stage numbers its facts, and the call is named by the first.
        later.observe(.queueCount(queue: "q", waiting: 0), at: 11)
        let told = later.say(.connected(nil), of: "calling", at: 12, direction: .outbound) {
            ($0.session, $0.local, $0.remote) = ("s", one, two)
        }
        #expect(told.first { $0.call?.local == two }?.call?.isStale == true)
    }

    @Test func theAnswerToAQuestionConfirmsThoughItRepeats() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        var later = restarted(&stage, at: 10)
        let fact = Fact(
            id: FactID(rawValue: "fact1xxxxxxxxxxxxxxxxxxxxxx"), source: Stage.source, observed: Stage.time(11),
            content: .call(CallFact(reference: .keys([CallKey(rawValue: "call")]), step: .ringing)))
        let told = later.tracker.confirm(fact)
        #expect(told.map(\.type) == [.callUpdated])
        #expect(told.first?.call?.isStale == false)
        #expect(!stage.told.map(\.id).contains(told[0].id))
        #expect(later.tracker.confirm(fact).isEmpty)
    }

    @Test func theJournalsFailureMakesNothingStale() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        #expect(restarted(&stage, at: 1, isRestart: false).tracker.liveCalls.map { $0.data().isStale } == [false])
    }

    /// A call that was ringing for 170 of its 180 seconds has ten left, however long ago the daemon began.
    @Test func deadlinesCountFromTheTimesInTheJournal() {
        var stage = Stage()
        stage.say(.ringing, at: 0)
        var later = Stage()
        later.tracker.restore(
            stage.tracker.takeChanges().changed, general: nil, now: Stage.time(170), grace: .milliseconds(0))
        #expect(later.pass(to: 179).isEmpty)
        #expect(later.pass(to: 180).map(\.type) == [.callEnded])
    }
}
