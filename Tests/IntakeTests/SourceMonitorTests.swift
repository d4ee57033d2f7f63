import CallModel
import Intake
import LogCapture
import Providers
import Testing

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

    private struct Silence: HTTPClient {
        func execute(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply { HTTPReply(status: 200) }
    }
}
