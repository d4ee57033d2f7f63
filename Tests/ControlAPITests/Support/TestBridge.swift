import CallModel
import ControlAPI
import EventJournal
import Fanout
import Glibc
import Logging
import NIOCore
import NIOPosix
import ScratchDirectory
import Synchronization

/// A real API server over a real journal and hub in a temporary directory, with a scripted daemon behind it.
final class TestBridge: Sendable {
    static let now = Timestamp(rfc3339: "2026-11-21T09:30:00Z")!

    private let scratch: ScratchDirectory
    var directory: String { scratch.path }
    let journal: EventJournal
    let hub: StreamHub
    let calls = ScriptedCalls()
    let orders = ScriptedOrders()
    let metrics = Metrics()
    let readiness = ReadinessSwitch()
    let clients = Mutex<[any Channel]>([])
    let service: APIService
    private let backend: APIBackend
    var socket: String { "\(directory)/api.sock" }

    /// Runs `body` against a served bridge and stops it afterwards.
    static func serve(
        hub limits: HubLimits = HubLimits(), tcp tokens: [APIToken]? = nil,
        api change: (inout APILimits) -> Void = { _ in },
        _ body: (TestBridge) async throws -> Void
    ) async throws {
        var apiLimits = APILimits()
        change(&apiLimits)
        let bridge = try TestBridge(hub: limits, tokens: tokens, api: apiLimits)
        defer { bridge.remove() }
        try bridge.service.bind()
        let running = Task { try await bridge.service.run() }
        let result: Result<Void, any Error>
        do {
            try await body(bridge)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        // A client that stays makes the end wait for it, a second long.
        for client in bridge.clients.withLock({ $0 }) { client.close(promise: nil) }
        bridge.service.stop()
        try await running.value
        bridge.journal.close()
        try result.get()
    }

    init(hub limits: HubLimits = HubLimits(), tokens: [APIToken]? = nil, api: APILimits = APILimits()) throws {
        scratch = try ScratchDirectory()
        let journal = try EventJournal(path: scratch.path("journal.sqlite"), now: Self.now)
        self.journal = journal
        hub = StreamHub(
            epoch: journal.epoch, head: journal.head, oldest: { journal.oldest }, liveCalls: [], limits: limits
        )
        backend = APIBackend(
            journal: journal, hub: hub, calls: calls, orders: orders, sources: ScriptedSources(), metrics: metrics,
            version: "9.9.9",
            readiness: { [readiness] in readiness.value }, now: { Self.now }
        )
        var listeners: [APIListener] = [.unix(path: scratch.path("api.sock"))]
        if tokens != nil { listeners.append(.tcp(host: "127.0.0.1", port: 0)) }
        service = APIService(
            listeners, tokens: tokens ?? [], backend: backend, limits: api,
            group: MultiThreadedEventLoopGroup.singleton, logger: Self.quiet
        )
    }

    /// A second server of the same bridge.
    func another(_ listeners: [APIListener]) -> APIService {
        APIService(listeners, backend: backend, group: MultiThreadedEventLoopGroup.singleton, logger: Self.quiet)
    }

    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    func remove() { scratch.remove() }

    // MARK: - Events

    /// What the journal thread does: commits, then publishes.
    func publish(_ drafts: [EventDraft], delivery: Delivery? = nil, calls: [StoredCall] = []) throws {
        let batch = JournalBatch(
            entries: [JournalBatch.Entry(delivery: delivery, drafts: drafts)], calls: calls, observed: Self.now
        )
        hub.publish(try journal.commit(batch))
    }

    func publish(_ numbers: ClosedRange<Int>, _ change: (inout EventDraft) -> Void = { _ in }) throws {
        try publish(
            numbers.map { number in
                var draft = Self.draft(number)
                change(&draft)
                return draft
            }
        )
    }

    /// Event `number`, observed that many milliseconds after `now`.
    static func draft(
        _ number: Int, _ type: EventType = .callRinging, source: String = "ovh/paris", line: String = "line1",
        direction: Direction = .inbound, padding: Int = 0
    ) -> EventDraft {
        let state: CallState =
            switch type {
            case .callEnded: .ended
            case .callQueued: .queued
            default: .ringing
            }
        var call = CallData(
            state: state, direction: direction, basis: .reported,
            provider: ProviderWords(event: padding > 0 ? String(repeating: "x", count: padding) : nil)
        )
        if state == .ended { call.outcome = .missed }
        call.remote = Party(number: "+33639980001", raw: "0639980001", kind: .e164)
        call.local = Party(number: "+33199000001", kind: .e164, line: line)
        return EventDraft(
            id: EventID(rawValue: "event-\(number)"), source: SourceName(source)!, type: type,
            subject: "call-\(number)", time: nil,
            observed: now.advanced(by: .milliseconds(Int64(number))), data: .call(call)
        )
    }

    func cursor(_ seq: Int64) -> String { Cursor(epoch: journal.epoch, seq: seq).description }
}

final class ReadinessSwitch: Sendable {
    private let state = Mutex(APIBackend.Readiness.ready)

    var value: APIBackend.Readiness {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
