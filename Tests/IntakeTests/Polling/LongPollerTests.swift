import CallModel
import Intake
import Logging
import Providers
import Synchronization
import Testing

/// What a poller leaves to the one that takes its place, wherever it is cut off.
@Suite(.timeLimit(.minutes(1))) struct LongPollerTests {
    /// Answers each request with the next reply; after the last one it holds the request, as a provider without events.
    private final class Provider: HTTPClient {
        let isHolding = Gate()
        private let replies: Mutex<[Result<HTTPReply, HTTPFailure>]>

        init(_ replies: [Result<HTTPReply, HTTPFailure>]) {
            self.replies = Mutex(replies)
        }

        func execute(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply {
            let next = replies.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            guard let next else {
                isHolding.open()
                while (try? await Task.sleep(for: .seconds(60))) != nil {}
                throw HTTPFailure(kind: .cancelled, detail: "", mayHaveBeenSent: true)
            }
            return try next.get()
        }
    }

    private static let source = SourceName(provider: "ovh", name: "paris")
    private static let slot = "0"
    private let start = Timestamp(milliseconds: 1_767_603_600_000)

    private static func reply(_ text: String, status: Int = 200) -> Result<HTTPReply, HTTPFailure> {
        .success(HTTPReply(status: status, body: Array(text.utf8)))
    }

    private static let event = reply(#"[{"event":"start_ringing"}]"#)

    /// One poller, until it is cancelled once `ready` says so.
    private func left(
        _ version: OVHSession.Version, session: String? = "stored", memory: PollMemory, _ provider: Provider,
        _ sink: ScriptedSink, pausing: Bool = true, until ready: Gate,
        slept: @escaping @Sendable (Span) -> Void = { _ in }
    ) async -> [String: PollMemory] {
        let now = start
        let surroundings = Surroundings(
            client: provider, sink: sink, now: { now }, ticks: { now },
            sleep: { span in
                slept(span)
                if pausing { try await Task.sleep(for: .seconds(60)) }
            }, random: { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let monitor = SourceMonitor(source: Self.source, pollers: 1, surroundings: surroundings)
        let poller = LongPoller(
            monitor: monitor,
            conversation: OVHSession(
                version: version, baseURL: "http://127.0.0.1:1", tokens: [Redacted("token")], slot: Self.slot,
                session: session), machine: PollStateMachine(memory: memory), scrubber: SecretScrubber(secrets: []),
            surroundings: surroundings)
        let task = Task { await poller.run() }
        await ready.pass()
        task.cancel()
        await task.value
        return monitor.left(at: now)
    }

    private var before: Timestamp { start.advanced(by: .seconds(-30)) }

    @Test(arguments: [OVHSession.Version.v1, .v2]) func aPollThatIsCutMayHaveBroughtSomething(
        _ version: OVHSession.Version
    ) async {
        let provider = Provider([])
        let left = await left(
            version, memory: PollMemory(heard: before), provider, ScriptedSink(), until: provider.isHolding)
        #expect(left[Self.slot]?.heard == before)
        #expect(left[Self.slot]?.loss?.since == (version == .v1 ? nil : before))
    }

    /// It is held, because the journal does not take it. Version 1 is asked for it again.
    @Test(arguments: [OVHSession.Version.v1, .v2]) func aReplyThatIsNotDurableWasNotHeard(
        _ version: OVHSession.Version
    ) async {
        let refused = Gate()
        let sink = ScriptedSink { delivery in
            guard delivery.kind == .poll, !delivery.isCarrier else { return .success(DeliveryReceipt()) }
            refused.open()
            return .failure(.journalUnavailable("no room"))
        }
        let provider = Provider([Self.event])
        let left = await left(version, memory: PollMemory(heard: before), provider, sink, until: refused)
        #expect(left[Self.slot]?.heard == before)
        #expect(left[Self.slot]?.loss?.since == (version == .v1 ? nil : before))
    }

    @Test func whatIsDurableWasHeard() async {
        let provider = Provider([Self.event])
        let left = await left(
            .v1, memory: PollMemory(heard: before), provider, ScriptedSink(), until: provider.isHolding)
        #expect(left == [Self.slot: PollMemory(heard: start)])
    }

    @Test func aReplyThatNobodyCouldReadIsLeftToTheNext() async {
        let told = Gate()
        let sink = ScriptedSink { delivery in
            if delivery.kind == .poll, !delivery.isCarrier { told.open() }
            return .success(DeliveryReceipt())
        }
        let provider = Provider([Self.reply("<html>"), Self.reply("<html>")])
        // The poller waits before it asks again, and is cancelled then or just before.
        let left = await left(.v1, memory: PollMemory(heard: before), provider, sink, until: told)
        #expect(left[Self.slot]?.unknownSince == before)
    }

    @Test func aGapThatIsNotDurableIsLeftToTheNext() async {
        let refused = Gate()
        let sink = ScriptedSink { delivery in
            guard !delivery.isCarrier else { return .success(DeliveryReceipt()) }
            refused.open()
            return .failure(.journalUnavailable("no room"))
        }
        let memory = PollMemory(heard: before).losing("cut", at: before)
        let left = await left(.v1, memory: memory, Provider([Self.event]), sink, until: refused)
        #expect(left == [Self.slot: memory])
        #expect(sink.deliveries.allSatisfy { $0.attributes["change"] == "gap" && $0.attributes["reason"] == "cut" })
    }

    /// An idle minute of version 2 is written down for the next run, and nothing waits for that.
    @Test func anIdleMinuteIsNotWaitedFor() async {
        let sink = ScriptedSink { delivery in
            delivery.kind == .poll ? .failure(.journalUnavailable("no room")) : .success(DeliveryReceipt())
        }
        let provider = Provider([Self.reply("[]")])
        let left = await left(.v2, memory: PollMemory(heard: before), provider, sink, until: provider.isHolding)
        #expect(left[Self.slot]?.heard == start)
        #expect(sink.cursors.last == PollCursor(slot: Self.slot, value: "stored"))
    }

    // MARK: - What a run leaves to the next

    /// Before the first request: the run may end while that is held.
    @Test func whatANewPollerAsksForInVainIsDurableBeforeItAsks() async {
        let provider = Provider([])
        let sink = ScriptedSink()
        _ = await left(.v2, session: nil, memory: PollMemory(), provider, sink, until: provider.isHolding)
        #expect(sink.cursors.map(\.memory?.loss?.since) == [start])
    }

    /// Its cursor does not move, and what was missed is told once.
    @Test func aGoodReplyPaysTheDebt() async {
        let same = #"{"Session":"stored","Events":[]}"#
        let provider = Provider([Self.reply("", status: 500), Self.reply(same), Self.reply(same)])
        let sink = ScriptedSink()
        _ = await left(
            .v1, memory: PollMemory(heard: before), provider, sink, pausing: false, until: provider.isHolding)
        #expect(sink.cursors.map(\.memory) == [PollMemory(heard: before), nil])
        #expect(sink.cursors.allSatisfy { $0.value == nil })
    }

    @Test func aLossIsStoredWithTheReplyThatNobodyCouldRead() async {
        let provider = Provider([Self.reply("<html>")])
        let sink = ScriptedSink()
        _ = await left(
            .v1, memory: PollMemory(heard: before), provider, sink, pausing: false, until: provider.isHolding)
        #expect(sink.cursors.map(\.memory?.loss?.since) == [nil, before])
    }

    /// A cache between us and the provider, or a provider whose session does not move.
    @Test func theSameReplyAgainIsAskedForNoFasterThanNothing() async {
        let event = Self.reply(#"{"Session":"s","Events":[{"Event":"start_ringing"}]}"#)
        let provider = Provider(Array(repeating: event, count: 9))
        let waits = Atomic(0)
        _ = await left(
            .v1, memory: PollMemory(heard: before), provider, ScriptedSink(), pausing: false,
            until: provider.isHolding
        ) { _ = waits.add($0 == .seconds(1) ? 1 : 0, ordering: .relaxed) }
        // The first is new, the next two may be chance.
        #expect(waits.load(ordering: .relaxed) == 6)
    }
}
