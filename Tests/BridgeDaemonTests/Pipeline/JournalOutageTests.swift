import CallModel
import EventJournal
import Testing

@testable import BridgeDaemon

/// When an outage of the journal is over, and what was lost in it.
struct JournalOutageTests {
    private static let start = Timestamp(milliseconds: 1_767_603_600_000)
    private static let desk = SourceName(provider: "keyyo", name: "front-desk")
    private static let full = JournalError(.full, path: "journal.sqlite", detail: "disk full")

    private func time(_ seconds: Int64) -> Timestamp { Self.start.advanced(by: .seconds(seconds)) }

    private func delivery(_ kind: Delivery.Kind, at seconds: Int64) -> Delivery {
        Delivery(source: Self.desk, observed: time(seconds), kind: kind)
    }

    @Test func itIsToldOnceAlthoughSmallWritesSucceedInBetween() {
        var outage = JournalOutage()
        var news = 0
        for second in stride(from: Int64(0), to: 40, by: 5) {
            if outage.failed(Self.full, now: time(second)) { news += 1 }
            #expect(outage.wrote(now: time(second + 4)) == nil)
            #expect(outage.error == Self.full)
        }
        #expect(news == 1)
        #expect(outage.wrote(now: time(44)) == nil)
        #expect(outage.wrote(now: time(45)) == [:])
        #expect(outage.error == nil)
        #expect(outage.wrote(now: time(60)) == nil)
    }

    @Test func whatWasRefusedIsToldFromTheFirstToTheLast() {
        var outage = JournalOutage()
        _ = outage.failed(Self.full, now: time(0))
        outage.refused(delivery(.poll, at: 0), at: time(0), now: time(0))
        #expect(outage.earliestRefusal == nil)
        outage.refused(delivery(.webhook, at: 3), at: time(4), now: time(4))
        outage.refused(delivery(.webhook, at: 7), at: time(8), now: time(8))
        #expect(outage.earliestRefusal == time(3))
        #expect(outage.wrote(now: time(18)) == [Self.desk: .init(from: time(3), to: time(8), isOverload: false)])
    }

    /// A crash before the gap is durable leaves it to the next run.
    @Test func whatIsNotToldYetIsNotForgotten() {
        var outage = JournalOutage()
        _ = outage.failed(Self.full, now: time(0))
        outage.refused(delivery(.webhook, at: 3), at: time(4), now: time(4))
        #expect(outage.wrote(now: time(18))?.count == 1)
        #expect(outage.error == nil && outage.earliestRefusal == time(3))
        #expect(outage.wrote(now: time(40)) == nil)
        outage.told(Self.desk, isDurable: true, now: time(41))
        #expect(outage.earliestRefusal == nil)
    }

    @Test func whatCouldNotBeToldIsToldAfterTheNextOutage() {
        var outage = JournalOutage()
        _ = outage.failed(Self.full, now: time(0))
        outage.refused(delivery(.webhook, at: 3), at: time(4), now: time(4))
        _ = outage.wrote(now: time(18))
        outage.refused(delivery(.webhook, at: 19), at: time(20), now: time(20), isOverload: true)
        outage.told(Self.desk, isDurable: false, now: time(21))
        #expect(outage.earliestRefusal == time(3))
        #expect(outage.wrote(now: time(30)) == nil)
        #expect(outage.wrote(now: time(31)) == [Self.desk: .init(from: time(3), to: time(20), isOverload: false)])
        #expect(outage.earliestRefusal == time(3))
        outage.told(Self.desk, isDurable: true, now: time(31))
        #expect(outage.earliestRefusal == nil)
    }

    @Test func tooManyAtOnceAreAGapAlthoughTheJournalIsWell() {
        var outage = JournalOutage()
        outage.refused(delivery(.webhook, at: 3), at: time(3), now: time(103), isOverload: true)
        #expect(outage.error == nil && !outage.isLasting)
        #expect(outage.wrote(now: time(112)) == nil)
        #expect(outage.wrote(now: time(113)) == [Self.desk: .init(from: time(3), to: time(3), isOverload: true)])
    }

    @Test func nobodyIsLetWaitOnceItLasts() {
        var outage = JournalOutage()
        #expect(!outage.isLasting)
        for second in stride(from: Int64(0), through: 30, by: 5) {
            _ = outage.failed(Self.full, now: time(second))
            #expect(outage.isLasting == (second >= 5))
        }
        #expect(outage.wrote(now: time(40)) == [:])
        _ = outage.failed(Self.full, now: time(50))
        #expect(!outage.isLasting)
    }
}
