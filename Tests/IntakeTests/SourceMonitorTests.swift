import CallModel
import Intake
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

    private struct Silence: HTTPClient {
        func execute(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply { HTTPReply(status: 200) }
    }
}
