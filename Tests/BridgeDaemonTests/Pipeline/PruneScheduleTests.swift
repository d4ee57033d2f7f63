import CallModel
import EventJournal
import Testing

@testable import BridgeDaemon

/// When the journal is pruned, and how often that is told.
struct PruneScheduleTests {
    private static let start = Timestamp(milliseconds: 1_000_000)
    private func at(_ milliseconds: Int64) -> Timestamp {
        Self.start.advanced(by: .milliseconds(milliseconds))
    }

    @Test func aBusyJournalIsPrunedToo() {
        let schedule = PruneSchedule(now: at(0))
        #expect(schedule.isDue(now: at(0), isBusy: false))
        #expect(!schedule.isDue(now: at(999), isBusy: true))
        #expect(schedule.isDue(now: at(1_000), isBusy: true))
    }

    @Test func whatIsLeftFollowsSoonAndIsToldOnce() {
        var schedule = PruneSchedule(now: at(0))
        let piece = PruneReport(events: 10, deliveries: 20, bytesUsed: 5, moreLeft: true)
        #expect(schedule.did(piece, limit: 9, now: at(0)) == .pruned(events: 10, deliveries: 20))
        #expect(schedule.due == at(100))
        #expect(schedule.did(piece, limit: 9, now: at(100)) == nil)
        #expect(schedule.did(piece, limit: 9, now: at(200)) == nil)
        let last = PruneReport(events: 1, bytesUsed: 5)
        #expect(schedule.did(last, limit: 9, now: at(300)) == .pruned(events: 21, deliveries: 40))
        #expect(schedule.due == at(60_300))
        #expect(schedule.did(PruneReport(facts: 9, bytesUsed: 5), limit: 9, now: at(60_300)) == nil)
        #expect(schedule.did(nil, limit: 9, now: at(70_000)) == nil)
        #expect(schedule.due == at(130_000))
    }

    @Test func aJournalThatCannotBecomeSmallerIsToldOnce() {
        var schedule = PruneSchedule(now: at(0))
        let full = PruneReport(bytesUsed: 20)
        #expect(schedule.did(full, limit: 9, now: at(0)) == .tooBig(bytes: 20))
        #expect(schedule.did(full, limit: 9, now: at(60_000)) == nil)
        // As time passes a row becomes old enough to go, and the journal no smaller by it.
        #expect(
            schedule.did(PruneReport(events: 1, bytesUsed: 20, moreLeft: true), limit: 9, now: at(61_000))
                == .pruned(events: 1, deliveries: 0))
        #expect(schedule.did(full, limit: 9, now: at(61_100)) == nil)
        #expect(schedule.did(PruneReport(bytesUsed: 5), limit: 9, now: at(120_000)) == nil)
        #expect(schedule.did(full, limit: 9, now: at(180_000)) == .tooBig(bytes: 20))
    }
}
