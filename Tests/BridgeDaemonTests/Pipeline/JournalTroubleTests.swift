import BridgeDaemon
import CallModel
import Testing

/// When nothing is ordered because the journal fails, and when nobody is let wait any longer.
struct JournalTroubleTests {
    private let start = Timestamp(milliseconds: 1_767_603_600_000)
    private func at(_ seconds: Int64) -> Timestamp { start.advanced(by: .seconds(seconds)) }

    @Test func aHealthyJournalIsNoTrouble() {
        let trouble = JournalTrouble()
        #expect(!trouble.isPresent(now: start) && !trouble.isLasting(now: start))
    }

    @Test func whatWaitsForSpaceKeepsOrdersAwayBetweenItsAttempts() {
        var trouble = JournalTrouble()
        for second in stride(from: Int64(0), through: 30, by: 5) {
            trouble.failed(now: at(second))
            #expect(trouble.isPresent(now: at(second + 4)))
            #expect(trouble.isLasting(now: at(second + 4)) == (second >= 5))
        }
        #expect(trouble.isPresent(now: at(39)) && !trouble.isPresent(now: at(40)))
        #expect(!trouble.isLasting(now: at(40)))
    }

    @Test func oneFailureKeepsNobodyFromWaiting() {
        var trouble = JournalTrouble()
        trouble.failed(now: at(0))
        #expect(!trouble.isLasting(now: at(9)))
        trouble.failed(now: at(20))
        #expect(trouble.isPresent(now: at(21)) && !trouble.isLasting(now: at(29)))
    }
}
