import CallModel
import Replay
import Testing

/// The rules that `explain` can name fire for some fixture, and are explained.
struct RuleCoverageTests {
    @Test func fixturesFireTheRules() throws {
        var fired: Set<Rule> = []
        for fixture in AnonymiserTests.fixtures {
            let recording = try RecordingReader.read(fixture.bytes)
            var replayer = Replayer(limits: recording.limits)
            replayer.withTracker { $0.startTracing() }
            for entry in recording.entries { _ = replayer.feed(entry) }
            if let last = recording.deliveries.map(\.observed).max() { _ = replayer.finish(after: last) }
            fired.formUnion(replayer.withTracker { $0.takeTrace() }.map(\.rule))
        }
        // A repeated fact does not come to the tracker: the explanation itself says so (`CallExplanationTests`). The
        // other two want an order of arrival that no fixture has.
        #expect(Set(Rule.allCases).subtracting(fired).isSubset(of: [.duplicate, .matchedByRequest, .heldBefore]))
    }

    @Test func everyRuleHasANameAndASentenceOfItsOwn() {
        #expect(Set(Rule.allCases.map(\.sentence)).count == Rule.allCases.count)
        for rule in Rule.allCases { #expect(!rule.rawValue.contains { $0.isUppercase }) }
    }
}
