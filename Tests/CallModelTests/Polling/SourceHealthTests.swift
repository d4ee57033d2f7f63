import CallModel
import Testing

/// One health of a source out of those of its pollers.
struct SourceHealthTests {
    private func report(_ change: SourceReport.Change, _ reason: String = "why") -> SourceReport {
        SourceReport(change: change, reason: reason)
    }

    @Test func onePollersHealthIsTheSourcesAndToldOnce() {
        var health = SourceHealth(pollers: 1)
        #expect(health.note(report(.up), slot: "0") == report(.up))
        #expect(health.note(report(.up), slot: "0") == nil)
        #expect(health.note(report(.down), slot: "0") == report(.down))
        #expect(health.note(report(.down, "another reason"), slot: "0") == nil)
        #expect(health.note(report(.degraded), slot: "0") == report(.degraded))
    }

    /// A source that is listened to, and whose provider is asked now and then.
    @Test func ofThePartsOfAOnePollerSourceTheWorstCounts() {
        var health = SourceHealth(pollers: 1)
        #expect(health.note(report(.degraded, "key refused"), slot: "key")?.change == .degraded)
        #expect(health.note(report(.up), slot: "hook") == nil)
        #expect(health.note(report(.down), slot: "hook")?.change == .down)
        #expect(health.note(report(.up), slot: "hook") == report(.degraded, "key refused"))
        #expect(health.note(report(.up), slot: "key") == report(.up))
    }

    /// Each gap has limits of its own.
    @Test(arguments: [1, 2])
    func everyGapIsTold(_ pollers: Int) {
        var health = SourceHealth(pollers: pollers)
        for _ in 0..<2 { #expect(health.note(report(.gap), slot: "0") == report(.gap)) }
        #expect(health.told == nil)
    }

    @Test func aSourceIsUpOnceAllOfItsPollersAre() {
        var health = SourceHealth(pollers: 3)
        #expect(health.note(report(.up), slot: "0") == nil)
        #expect(health.note(report(.up), slot: "1") == nil)
        #expect(health.note(report(.up), slot: "2") == report(.up))
        #expect(health.note(report(.up), slot: "2") == nil)
    }

    @Test func someThatFailDegradeAllThatFailAreDown() {
        var health = SourceHealth(pollers: 3)
        for slot in ["0", "1", "2"] { _ = health.note(report(.up), slot: slot) }
        #expect(
            health.note(report(.down, "HTTP 401"), slot: "1") == report(.degraded, "1 of 3 tokens fail: HTTP 401"))
        #expect(health.note(report(.down, "HTTP 401"), slot: "2") == nil)
        #expect(health.note(report(.down, "HTTP 500"), slot: "0") == report(.down, "HTTP 500"))
        #expect(health.note(report(.up), slot: "0")?.change == .degraded)
        #expect(health.note(report(.up), slot: "1") == nil)
        #expect(health.note(report(.up), slot: "2") == report(.up))
    }

    /// The pollers of one server fail one after the other: the first of them is not the last word.
    @Test func whichTokensFailIsToldAgainWhereItChanged() {
        var health = SourceHealth(pollers: 4)
        for slot in ["0", "1", "2", "3"] { _ = health.note(report(.up), slot: slot) }
        #expect(health.tellAgain() == nil)
        _ = health.note(report(.down, "HTTP 401"), slot: "1")
        #expect(!health.isOutdated && health.tellAgain() == nil)
        _ = health.note(report(.down, "HTTP 500"), slot: "2")
        _ = health.note(report(.down, "HTTP 500"), slot: "0")
        #expect(health.isOutdated)
        #expect(health.tellAgain() == report(.degraded, "3 of 4 tokens fail: HTTP 500"))
        #expect(!health.isOutdated && health.tellAgain() == nil)
        _ = health.note(report(.up), slot: "0")
        #expect(health.tellAgain() == report(.degraded, "2 of 4 tokens fail: HTTP 401"))
        // What is not degraded is news by itself.
        for slot in ["1", "2"] { _ = health.note(report(.up), slot: slot) }
        #expect(health.told == .up && !health.isOutdated && health.tellAgain() == nil)
    }

    /// Another poller that goes well does not make it whole.
    @Test func aPollerThatIsRefusedAPartDegradesTheSourceUntilItIsNot() {
        var health = SourceHealth(pollers: 2)
        #expect(health.note(report(.degraded, "token 2"), slot: "0") == report(.degraded, "token 2"))
        #expect(health.note(report(.up), slot: "1") == nil)
        _ = health.note(report(.down, "HTTP 500"), slot: "1")
        #expect(health.note(report(.up), slot: "1") == nil)
        #expect(health.note(report(.up), slot: "0") == report(.up))
    }

    @Test func ofSeveralReasonsTheSameIsToldInEveryRun() {
        var health = SourceHealth(pollers: 9)
        let slots = (0..<9).map { "\($0)" }
        for slot in slots { _ = health.note(report(.down, "reason \(slot)"), slot: slot) }
        #expect(
            health.note(report(.up), slot: "5") == report(.degraded, "8 of 9 tokens fail: reason 0"))
    }
}
