import CallModel
import CurlTransport
import Intake
import Logging
import Providers
import Testing

/// A gateway's page around a refusal may be of any length: what it says is in its status.
@Suite("A refusal of more than 64 KiB", .timeLimit(.minutes(1)))
struct LongRefusalTests {
    private static let now = Timestamp(milliseconds: 1_795_253_400_000)
    private static let page = String(repeating: "<p>refused</p>", count: 10_000)

    private func place(
        status: Int, _ make: @escaping @Sendable (String, SourceMonitor, Surroundings) -> any CallPlacer
    ) async throws -> PlacementResult {
        var result = PlacementResult.accepted
        try await ScriptedProvider.serve { _ in
            .reply(status: status, Self.page)
        } _: { provider in
            let surroundings = Surroundings(
                client: CurlClient(name: "tests/1"), sink: ScriptedSink(), now: { Self.now }, ticks: { Self.now },
                sleep: { _ in }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let monitor = SourceMonitor(
                source: SourceName(provider: "test", name: "long"), pollers: 1, surroundings: surroundings)
            result = await make(provider.url, monitor, surroundings)
                .place(PlacementOrder(call: CallID(rawValue: "c1"), to: "0639980051")).result
            #expect(provider.targets.count == 1)
        }
        return result
    }

    private static let placers: [@Sendable (String, SourceMonitor, Surroundings) -> any CallPlacer] = [
        { url, monitor, surroundings in
            let requests = VoIPGRIDRequests(baseURL: url, credentials: .password(user: "a", Redacted("b")))
            let scrubber = SecretScrubber(secrets: [])
            let follower = StatusFollower(
                monitor: monitor, requests: requests, polling: StatusPolling(), maximumAge: .minutes(1),
                scrubber: scrubber, surroundings: surroundings, callState: { _ in nil })
            return VoIPGRIDPlacer(
                source: monitor.source, requests: requests, follower: follower, ownNumber: nil, ownShownNumber: nil,
                shownNumber: nil, scrubber: scrubber, surroundings: surroundings)
        },
        { url, monitor, surroundings in
            KeyyoPlacer(
                monitor: monitor, account: "33199000021",
                makecall: KeyyoMakecall(baseURL: url, account: "33199000021", password: nil),
                pace: KeyyoPace(), scrubber: SecretScrubber(secrets: []), surroundings: surroundings)
        },
        { url, monitor, surroundings in
            OrangePlacer(
                monitor: monitor,
                requests: OrangeRequests(
                    services: .init(call: url, conference: url, messages: url), key: Redacted("a-key"),
                    numbers: NumberPlan(country: "FR")),
                ownNumber: "0199000051", sender: nil, notificationURL: nil, isPushed: false,
                scrubber: SecretScrubber(secrets: []), memory: OrangeMemory(), surroundings: surroundings)
        },
    ]

    @Test("is a refusal", arguments: placers.indices, [400, 404])
    func refused(placer: Int, status: Int) async throws {
        let result = try await place(status: status, Self.placers[placer])
        guard case .refused(status, let text, isBarred: false) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(!text.isEmpty && text.count <= 400)
    }

    @Test("a page of that length with 200 leaves unknown what became of the call", arguments: placers.indices)
    func unknown(placer: Int) async throws {
        let result = try await place(status: 200, Self.placers[placer])
        guard case .unknown = result else {
            Issue.record("\(result)")
            return
        }
    }
}
