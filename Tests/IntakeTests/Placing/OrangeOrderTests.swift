import CallModel
import Logging
import Providers
import Synchronization
import Testing

@testable import Intake

/// What is stored of two Orange orders that come at once.
struct OrangeOrderTests {
    /// Makes conference 1, then 2.
    private final class Provider: HTTPClient {
        private let made = Mutex(0)

        func execute(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply {
            let number = made.withLock { made in
                made += 1
                return made
            }
            let text =
                "<response><status><status_code>200</status_code></status><conference><id>\(number)</id></conference>"
                + "</response>"
            return HTTPReply(status: 200, body: Array(text.utf8))
        }
    }

    /// Has no room for the first ledger at first.
    private final class Sink: DeliverySink {
        private let state = Mutex((refused: false, stored: [PollCursor]()))
        var stored: [PollCursor] { state.withLock { $0.stored } }

        func submit(_ delivery: Delivery, cursor: PollCursor?) async throws(IntakeRejection) -> DeliveryReceipt {
            guard let cursor else { return DeliveryReceipt() }
            let isRefused = state.withLock { state in
                defer { state.refused = true }
                if state.refused { state.stored.append(cursor) }
                return !state.refused
            }
            if isRefused { throw .overloaded }
            return DeliveryReceipt()
        }
    }

    /// An order waits for the journal, and nobody cancels it; what is asked about texts meanwhile ends with its source.
    @Test(.timeLimit(.minutes(1))) func nobodyHangsBehindAnOrderThatWaitsForTheJournal() async {
        let memory = OrangeMemory()
        let now = Timestamp(milliseconds: 1_795_253_400_000)
        let source = SourceName(provider: "orange", name: "legacy")
        let (waits, isOver) = (Gate(), Gate())
        let sink = ScriptedSink { delivery in
            guard delivery.kind == .placement else { return .success(DeliveryReceipt()) }
            waits.open()
            await isOver.pass()
            return .success(DeliveryReceipt())
        }
        let surroundings = Surroundings(
            client: Provider(), sink: sink, now: { now }, ticks: { now }, sleep: { _ in }, random: { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        func keep(_ kind: Delivery.Kind, _ word: String) -> Task<DeliveryReceipt?, Never> {
            let delivery = Delivery(source: source, observed: now, kind: kind)
            return Task { await memory.keep(delivery, surroundings) { $0.words["m1"] = word } }
        }
        let order = keep(.placement, "of the order")
        await waits.pass()
        let cancelled = keep(.status, "of a source that was changed")
        while memory.turnstile.queue < 1 { await Task.yield() }
        cancelled.cancel()
        #expect(await cancelled.value == nil)
        let tooLate = keep(.status, "of a source that was cancelled before it asked")
        tooLate.cancel()
        #expect(await tooLate.value == nil)
        let next = keep(.status, "of the source that took its place")
        while memory.turnstile.queue < 1 { await Task.yield() }
        isOver.open()
        #expect(await order.value != nil)
        #expect(await next.value != nil)
        #expect(sink.deliveries.map(\.kind) == [.placement, .status])
        #expect(memory.contents.words == ["m1": "of the source that took its place"])
    }

    @Test(.timeLimit(.minutes(1))) func theNewerLedgerIsStoredLast() async {
        let now = Timestamp(milliseconds: 1_795_253_400_000)
        let sink = Sink()
        let refused = Gate()
        let surroundings = Surroundings(
            client: Provider(), sink: sink, now: { now }, ticks: { now },
            sleep: { _ in
                refused.open()
                // As long as the second order could take to pass the first.
                for _ in 0..<60 where sink.stored.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            }, random: { 0 }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let placer = OrangePlacer(
            monitor: SourceMonitor(
                source: SourceName(provider: "orange", name: "legacy"), pollers: 1, surroundings: surroundings),
            requests: OrangeRequests(
                services: .init(call: "http://a", conference: "http://a", messages: "http://a"), key: Redacted("key"),
                numbers: NumberPlan(country: "FR"), history: OrangeHistory()),
            ownNumber: nil, sender: nil, notificationURL: nil, isPushed: false, scrubber: SecretScrubber(secrets: []),
            memory: OrangeMemory(), surroundings: surroundings)
        let order = ConferenceOrder(
            claim: CallID(rawValue: "conference-1"), conference: OrangeConference(access: .room, minutes: 20))
        async let first = placer.createConference(order)
        await refused.pass()
        let second = await placer.createConference(order)
        #expect(await first.call.rawValue == "1" && second.call.rawValue == "2")
        let ledgers = sink.stored.map { OrangeLedger($0.value ?? "").conferences.keys.sorted() }
        #expect(ledgers == [["1"], ["1", "2"]])
    }
}
