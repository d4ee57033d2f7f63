import CallModel
import Dispatch
import EventJournal
import Fanout
import Foundation
import HostSupport
import LogCapture
import Providers
import ScratchDirectory
import Testing

@testable import BridgeDaemon

/// A disk that neither takes what is written nor says that it cannot.
@Suite(.timeLimit(.minutes(1))) struct HangingJournalTests {
    /// Holds the journal's thread in the midst of a batch.
    private struct Stuck: DeliveryDecoder {
        let reached: AsyncStream<Void>.Continuation
        let release: DispatchSemaphore

        func decode(_ delivery: Delivery) -> DecodedDelivery {
            reached.finish()
            release.wait()
            return DecodedDelivery(facts: [])
        }
    }

    @Test func itIsNotToldFromAWorkingOneBeforeTheWebhooksPatienceIsOver() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let path = scratch.path("journal.sqlite")
        let now = WallClock.now()
        let log = CapturedLog()
        let journal = try EventJournal(path: path, now: now)
        let hub = StreamHub(epoch: journal.epoch, head: journal.head, oldest: { journal.oldest }, liveCalls: [])
        let pipeline = Pipeline(
            journal: journal, hub: hub, board: CallBoard(),
            retention: RetentionLimits(events: .days(1), maximumBytes: 1 << 30, raw: .days(1)), logger: log.logger)
        let source = SourceName(provider: "keyyo", name: "desk")
        let (reached, reach) = AsyncStream<Void>.makeStream()
        let release = DispatchSemaphore(value: 0)
        pipeline.use([source: Stuck(reached: reach, release: release)])
        let processor = try BatchProcessor(journal: journal, limits: TrackerLimits(), now: now, logger: log.logger)
        #expect(pipeline.start(processor))
        let delivery = Delivery(source: source, observed: now, kind: .webhook)
        let submitted = Task { try await pipeline.submit(delivery, cursor: nil) }
        for await _ in reached {}
        let began = MonotonicClock.now()
        #expect(!pipeline.isHanging(now: began.advanced(by: .seconds(-1))))
        #expect(pipeline.isHanging(now: began.advanced(by: .seconds(10))))
        release.signal()
        _ = try await submitted.value
        await pipeline.stop()
        #expect(!pipeline.isHanging(now: began.advanced(by: .hours(1))))
        #expect(pipeline.trouble == nil)
        journal.close()
    }
}
