import CallModel
import LogCapture
import Providers
import Testing

@testable import Intake

/// What logs say of the health of a source.
struct SourceMonitorTests {
    @Test func theNumberThatAProviderRepeatsIsMasked() async {
        let log = CapturedLog()
        let now = Timestamp(milliseconds: 1_767_603_600_000)
        let surroundings = Surroundings(
            client: Silence(), sink: ScriptedSink(), now: { now }, ticks: { now }, sleep: { _ in }, random: { 0 },
            logger: log.logger)
        let monitor = SourceMonitor(
            source: SourceName(provider: "keyyo", name: "desk"), pollers: 1, surroundings: surroundings)
        await monitor.report(SourceReport(change: .down, reason: "no line 33199000021 here"), slot: "hook")
        #expect(log.text.contains("source down") && log.text.contains("no line 3319*****21 here"), "\(log.text)")
        #expect(!log.text.contains("33199000021"))
    }

    /// A gap that is not in the stream yet is told by whoever takes the source's place.
    @Test(arguments: [IntakeRejection?.none, .stopping])
    func whatWasHeardCountsOnceTheStreamSaysSo(_ rejection: IntakeRejection?) async {
        let now = Timestamp(milliseconds: 1_767_603_600_000)
        let sink = ScriptedSink { _ in rejection.map { .failure($0) } ?? .success(DeliveryReceipt()) }
        let surroundings = Surroundings(
            client: Silence(), sink: sink, now: { now }, ticks: { now }, sleep: { _ in }, random: { 0 },
            logger: CapturedLog().logger)
        let monitor = SourceMonitor(
            source: SourceName(provider: "keyyo", name: "desk"), pollers: 1, surroundings: surroundings)
        let presence = PushPresence(
            monitor: monitor, surroundings: surroundings, isKnown: true,
            lastAlive: now.advanced(by: .minutes(-5)))
        await presence.announce()
        monitor.remember(PollMemory(heard: now), slot: "one")
        monitor.remember(PollMemory(), slot: "two")
        let later = now.advanced(by: .minutes(1))
        #expect(monitor.isListening == (rejection == nil))
        let polled = ["one": PollMemory(heard: now)]
        let pushed = ["hook": PollMemory(heard: later)]
        #expect(monitor.left(at: later) == (rejection == nil ? polled.merging(pushed) { $1 } : polled))
        #expect(sink.deliveries.count == (rejection == nil ? 2 : 1))
    }

    /// In an outage of the journal every report waits, each for a time of its own.
    @Test(.timeLimit(.minutes(1))) func theLastWordInTheStreamIsTheLastThatWasSaid() async {
        let now = Timestamp(milliseconds: 1_767_603_600_000)
        let isRefused = Gate()
        let hasRoom = Gate()
        let sink = ScriptedSink { delivery in
            guard delivery.attributes["change"] == "down" else { return .success(DeliveryReceipt()) }
            isRefused.open()
            await hasRoom.pass()
            return .success(DeliveryReceipt())
        }
        let surroundings = Surroundings(
            client: Silence(), sink: sink, now: { now }, ticks: { now }, sleep: { _ in }, random: { 0 },
            logger: CapturedLog().logger)
        let monitor = SourceMonitor(
            source: SourceName(provider: "voipgrid", name: "sales"), pollers: 1, surroundings: surroundings)
        async let down = monitor.report(SourceReport(change: .down, reason: "HTTP 500"), slot: "status")
        await isRefused.pass()
        async let up = monitor.report(SourceReport(change: .up, reason: "answers"), slot: "status")
        while monitor.waiting == 0 { await Task.yield() }
        hasRoom.open()
        #expect(await down)
        #expect(await up)
        #expect(sink.deliveries.map { $0.attributes["change"] } == ["down", "up"])
    }

    /// An answer to the old key arrives when the new one is in use.
    @Test func aSourceThatWasChangedSaysNothingMore() async {
        let now = Timestamp(milliseconds: 1_767_603_600_000)
        let sink = ScriptedSink()
        let surroundings = Surroundings(
            client: Silence(), sink: sink, now: { now }, ticks: { now }, sleep: { _ in }, random: { 0 },
            logger: CapturedLog().logger)
        let monitor = SourceMonitor(
            source: SourceName(provider: "orange", name: "legacy"), pollers: 1, surroundings: surroundings)
        monitor.remember(PollMemory(heard: now), slot: "one")
        monitor.retire()
        #expect(await !monitor.report(SourceReport(change: .degraded, reason: "401"), slot: "key"))
        #expect(sink.deliveries.isEmpty)
        // But that it was removed, and what whoever takes its place has to know.
        await monitor.removed(at: now)
        #expect(sink.deliveries.map { $0.attributes["change"] } == ["down"])
        #expect(sink.cursors == [PollCursor(slot: "one", value: nil, memory: PollMemory(heard: now))])
    }

    private struct Silence: HTTPClient {
        func execute(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply { HTTPReply(status: 200) }
    }
}
