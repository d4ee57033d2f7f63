import CallModel
import Testing

@testable import BridgeDaemon

/// Which calls a provider is asked about after a restart.
struct CallBoardTests {
    private let source = SourceName(provider: "voipgrid", name: "sales")
    private let now = Timestamp(milliseconds: 1_767_603_600_000)

    private func tracker(_ change: (inout CallFact) -> Void) -> CallTracker {
        var tracker = CallTracker()
        var fact = CallFact(
            reference: .keys([CallKey(rawValue: "k")]), step: .ringing, direction: .inbound,
            remote: Party(number: "+33639980011", kind: .e164))
        change(&fact)
        _ = tracker.observe(
            Fact(
                id: FactID(rawValue: "factxxxxxxxxxxxxxxxxxxxxxx"), source: source, observed: now,
                words: ProviderWords(event: "ringing", call: "58f1a078416b-1531150397.972"), content: .call(fact)))
        return tracker
    }

    @Test func aCallThatWePlacedIsAskedAboutByItsHandle() {
        let board = CallBoard(tracker { $0.handle = "abc" }.openCalls)
        #expect(board.providerCalls(of: source) == ["abc"])
        #expect(board.state(source: source, providerCall: "abc") == .ringing)
    }

    /// The name in a notification means nothing to the interface that is asked.
    @Test func aCallKnownFromNotificationsAloneIsNot() {
        let board = CallBoard(tracker { _ in }.openCalls)
        #expect(board.count == 1)
        #expect(board.providerCalls(of: source).isEmpty)
    }
}
