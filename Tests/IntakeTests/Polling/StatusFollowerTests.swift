import CallModel
import Intake
import Logging
import Providers
import Synchronization
import Testing

/// How a call is followed to its end, with a clock that only waiting moves.
struct StatusFollowerTests {
    /// Answers each request with the next reply, the last one again and again.
    private final class Provider: HTTPClient {
        private let replies: [HTTPReply]
        private let asked = Mutex(0)

        init(_ words: [String]) {
            replies = words.map { word in
                Int(word).map { HTTPReply(status: $0) }
                    ?? HTTPReply(status: 200, body: Array(#"{"status":"\#(word)"}"#.utf8))
            }
        }

        var count: Int { asked.withLock { $0 } }

        func execute(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply {
            let index = asked.withLock { asked in
                defer { asked += 1 }
                return asked
            }
            return replies[min(index, replies.count - 1)]
        }
    }

    private struct Ended: Error {}

    private final class Clock: Sendable {
        private let time = Mutex(Timestamp(milliseconds: 1_767_603_600_000))
        var now: Timestamp { time.withLock { $0 } }
        func wait(_ span: Span) { time.withLock { $0 = $0.advanced(by: span) } }
    }

    private struct Followed {
        var requests: Int
        var words: [String]
        var ended: Timestamp
        var status: SourceMonitor.Status
        var health: [Delivery]
    }

    private static let source = SourceName(provider: "voipgrid", name: "sales")

    /// Follows one call until the provider or the clock ends it.
    private func follow(
        _ words: [String], maximumAge: Span = .hours(4), isPushed: Bool = false, state: CallState?
    ) async -> Followed {
        let provider = Provider(words)
        let clock = Clock()
        let sink = ScriptedSink()
        let surroundings = Surroundings(
            client: provider, sink: sink, now: { clock.now }, ticks: { clock.now }, sleep: { clock.wait($0) },
            random: { 0 }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let monitor = SourceMonitor(source: Self.source, pollers: 1, surroundings: surroundings)
        let follower = StatusFollower(
            monitor: monitor,
            requests: VoIPGRIDRequests(
                baseURL: "http://127.0.0.1:1", credentials: .password(user: "a@example.nl", Redacted("p"))),
            polling: StatusPolling(), maximumAge: maximumAge, isPushed: isPushed,
            scrubber: SecretScrubber(secrets: []), surroundings: surroundings, callState: { _ in state })
        if isPushed {
            let presence = PushPresence(
                monitor: monitor, surroundings: surroundings, isKnown: false, lastAlive: nil)
            await presence.announce()
        }
        follower.follow("call-1")
        let task = Task { await follower.run() }
        // The last delivery is the end, whoever said it.
        let last = words.last ?? ""
        while !sink.deliveries.contains(where: { $0.kind == .status && isLast($0, last) }) { await Task.yield() }
        task.cancel()
        await task.value
        let statuses = sink.deliveries.filter { $0.kind == .status }
        return Followed(
            requests: provider.count, words: statuses.map(word), ended: clock.now, status: monitor.status,
            health: sink.deliveries.filter { $0.kind == .health })
    }

    private func isLast(_ delivery: Delivery, _ word: String) -> Bool {
        delivery.attributes["status"] == VoIPGRIDStatus.expired || self.word(delivery) == word && isEnd(word)
    }

    private func isEnd(_ word: String) -> Bool { ["disconnected", "failed_b", "404"].contains(word) }

    private func word(_ delivery: Delivery) -> String {
        guard delivery.attributes["status"] == "200" else { return delivery.attributes["status"] ?? "" }
        return JSONValue.read(delivery.body)?.object?["status"]?.text ?? ""
    }

    @Test(.timeLimit(.minutes(1)))
    func aCallIsFollowedToTheEndTheProviderSays() async {
        let call = await follow(["dialing_a", "dialing_b", "500", "connected", "disconnected"], state: .ringing)
        #expect(call.words == ["dialing_a", "dialing_b", "connected", "disconnected"])
        #expect(call.requests == 5)
    }

    /// Our own deadline closed it: `callState` knows it no more.
    @Test(.timeLimit(.minutes(1)))
    func aCallThatWeClosedIsFollowedFurther() async {
        let call = await follow(["dialing_b", "dialing_b", "dialing_b", "connected", "disconnected"], state: nil)
        #expect(call.words == ["dialing_b", "connected", "disconnected"])
    }

    @Test(.timeLimit(.minutes(1)))
    func aCallWithoutAnEndIsEndedByItsAge() async {
        let call = await follow(["connected"], maximumAge: .minutes(1), state: .connected)
        #expect(call.words == ["connected", VoIPGRIDStatus.expired])
        #expect(call.requests <= 14)
        #expect(call.ended.since(Timestamp(milliseconds: 1_767_603_600_000)) <= .minutes(2))
    }

    @Test(.timeLimit(.minutes(1)))
    func refusedRequestsAreSeenByOperators() async {
        let call = await follow(["401", "401", "disconnected"], state: .initiated)
        #expect(call.status.failures == 2)
        #expect(call.status.lastError?.contains("401") == true)
        #expect(call.status.lastErrorAt != nil)
    }

    /// What is pushed goes on coming, whatever becomes of our questions.
    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func aSourceThatIsPushedToIsDegradedByARefusalNotDown(isPushed: Bool) async {
        let words = ["401", "401", "dialing_a", "disconnected"]
        let call = await follow(words, isPushed: isPushed, state: .initiated)
        let told = call.health.compactMap { $0.attributes["change"] }
        #expect(told == (isPushed ? ["up", "degraded", "up"] : ["down", "up"]))
    }

    /// A call that is asked about every 5 s, or is backed off from, must not make the others of its source wait.
    @Test(.timeLimit(.minutes(1)))
    func aCallThatWaitsKeepsNoOtherFromItsTurn() async {
        let provider = Provider(["connected"])
        let clock = Clock()
        let sink = ScriptedSink()
        let sleeps = Mutex<[Span]>([])
        let surroundings = Surroundings(
            client: provider, sink: sink, now: { clock.now }, ticks: { clock.now },
            sleep: { span in
                sleeps.withLock { $0.append(span) }
                // Whoever waits for long waits until the end of the test.
                if span >= .seconds(1) { try await Task.sleep(for: .seconds(3_600)) }
                clock.wait(span)
            }, random: { 0 }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let follower = StatusFollower(
            monitor: SourceMonitor(source: Self.source, pollers: 1, surroundings: surroundings),
            requests: VoIPGRIDRequests(
                baseURL: "http://127.0.0.1:1", credentials: .password(user: "a@example.nl", Redacted("p"))),
            polling: StatusPolling(), maximumAge: .hours(4), scrubber: SecretScrubber(secrets: []),
            surroundings: surroundings, callState: { _ in .connected })
        let task = Task { await follower.run() }
        for index in 1...3 {
            follower.follow("call-\(index)")
            while sleeps.withLock({ $0.count(where: { $0 >= .seconds(1) }) }) < index { await Task.yield() }
        }
        task.cancel()
        await task.value
        // Each was asked about at once, 50 ms after the one before it at most.
        #expect(provider.count == 3)
        #expect(sleeps.withLock { $0.filter { $0 < .seconds(1) } } == [.milliseconds(50), .milliseconds(50)])
    }
}
