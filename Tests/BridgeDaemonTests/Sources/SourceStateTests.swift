import CallModel
import ControlAPI
import Testing

@testable import BridgeDaemon

@Suite("The word for the state of a source") struct SourceStateTests {
    private func state(
        _ change: SourceReport.Change?, isPolled: Bool = false, isPushed: Bool = false, polls: Int64 = 0
    ) -> SourceStatus.State {
        SourceStatus.State(change, isPolled: isPolled, isPushed: isPushed, polls: polls)
    }

    @Test func polledAllTheTime() {
        #expect(state(nil, isPolled: true) == .starting)
        #expect(state(.up, isPolled: true, polls: 1) == .up)
        #expect(state(.down, isPolled: true, polls: 2) == .down)
        #expect(state(.degraded, isPolled: true, polls: 3) == .degraded)
    }

    @Test func pushedTo() {
        #expect(state(nil, isPushed: true) == .passive)
        #expect(state(.up, isPushed: true) == .passive)
    }

    @Test func askedNowAndThen() {
        #expect(state(nil) == .passive)
        #expect(state(.up, polls: 1) == .up)
    }

    @Test func pushedToAndAskedNowAndThen() {
        #expect(state(.up, isPushed: true) == .passive)
        #expect(state(.up, isPushed: true, polls: 1) == .up)
        #expect(state(.down, isPushed: true, polls: 2) == .down)
    }
}
