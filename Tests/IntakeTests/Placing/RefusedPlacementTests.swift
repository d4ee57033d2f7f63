import CallModel
import Intake
import Logging
import Providers
import Testing

/// What a refused placement says of the health of a VoIPGRID source.
struct RefusedPlacementTests {
    /// Refuses every request for a call.
    private struct Provider: HTTPClient {
        func execute(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply { HTTPReply(status: 403) }
    }

    private func reports(whileFollowing call: String?) async -> (told: [Delivery], status: SourceMonitor.Status) {
        let now = Timestamp(milliseconds: 1_767_603_600_000)
        let source = SourceName(provider: "voipgrid", name: "sales")
        let sink = ScriptedSink()
        let surroundings = Surroundings(
            client: Provider(), sink: sink, now: { now }, ticks: { now }, sleep: { _ in }, random: { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let monitor = SourceMonitor(source: source, pollers: 1, surroundings: surroundings)
        let requests = VoIPGRIDRequests(
            baseURL: "http://127.0.0.1:1", credentials: .password(user: "a@example.nl", Redacted("p")))
        let scrubber = SecretScrubber(secrets: [])
        let follower = StatusFollower(
            monitor: monitor, requests: requests, polling: StatusPolling(), maximumAge: .hours(4), scrubber: scrubber,
            surroundings: surroundings, callState: { _ in nil })
        if let call { follower.follow(call) }
        let placer = VoIPGRIDPlacer(
            source: source, requests: requests, follower: follower, ownNumber: "101", ownShownNumber: nil,
            shownNumber: nil, scrubber: scrubber, surroundings: surroundings)
        _ = await placer.place(PlacementOrder(call: CallID(rawValue: "c1"), to: "+33639980001"))
        return (sink.deliveries.filter { $0.kind == .health }, monitor.status)
    }

    /// The next question about the other call would tell that it is up again.
    @Test func aSourceThatFollowsCallsIsNotDownForIt() async {
        let (told, status) = await reports(whileFollowing: "call-1")
        #expect(told.isEmpty)
        #expect(status.failures == 1 && status.lastError?.contains("403") == true)
    }

    @Test func aSourceThatIsNotAskedOtherwiseIsDown() async {
        let (told, status) = await reports(whileFollowing: nil)
        #expect(told.count == 1 && status.change == .down)
    }
}
