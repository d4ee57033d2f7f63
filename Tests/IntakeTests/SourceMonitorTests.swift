import CallModel
import LogCapture
import Providers
import Synchronization
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

    /// What an old self has still to say when it is changed or removed is said no more, and does not come after what is
    /// said of its successor.
    @Test(.timeLimit(.minutes(1)), arguments: [true, false]) func theLastWordIsNotThatOfAnOldSelf(
        _ isRemoved: Bool
    ) async {
        let now = Timestamp(milliseconds: 1_767_603_600_000)
        let isRefused = Gate()
        let hasRoom = Gate()
        let attempts = Mutex(0)
        let sink = ScriptedSink { delivery in
            guard delivery.attributes["change"] == "degraded" else { return .success(DeliveryReceipt()) }
            guard
                attempts.withLock({
                    $0 += 1; return $0
                }) == 1
            else { return .success(DeliveryReceipt()) }
            isRefused.open()
            await hasRoom.pass()
            return .failure(.journalUnavailable("no room"))
        }
        let surroundings = Surroundings(
            client: Silence(), sink: sink, now: { now }, ticks: { now }, sleep: { _ in }, random: { 0 },
            logger: CapturedLog().logger)
        let source = SourceName(provider: "keyyo", name: "desk")
        let old = SourceMonitor(source: source, pollers: 1, surroundings: surroundings)
        async let degraded = old.report(SourceReport(change: .degraded, reason: "403"), slot: "makecall")
        await isRefused.pass()
        old.retire()
        let new = SourceMonitor(source: source, pollers: 1, surroundings: surroundings)
        async let next: Void = {
            if isRemoved {
                await old.removed(at: now)
            } else {
                await new.report(SourceReport(change: .up, reason: "listening"), slot: "hook")
            }
        }()
        while new.waiting == 0 { await Task.yield() }
        hasRoom.open()
        #expect(await !degraded)
        await next
        #expect(sink.deliveries.map { $0.attributes["change"] } == ["degraded", isRemoved ? "down" : "up"])
        #expect(attempts.withLock(\.self) == 1)
    }

    /// A source that is pushed to and exchanged was heard throughout.
    @Test func whatTheStreamSaysAlreadyIsNoNews() async {
        let now = Timestamp(milliseconds: 1_767_603_600_000)
        let sink = ScriptedSink()
        let surroundings = Surroundings(
            client: Silence(), sink: sink, now: { now }, ticks: { now }, sleep: { _ in }, random: { 0 },
            logger: CapturedLog().logger)
        let source = SourceName(provider: "keyyo", name: "desk")
        func next(runningOn: Bool) async -> SourceMonitor {
            let monitor = SourceMonitor(source: source, pollers: 1, surroundings: surroundings)
            if runningOn { monitor.runOn() }
            await PushPresence(
                monitor: monitor, surroundings: surroundings, isKnown: true,
                lastAlive: runningOn ? nil : now.advanced(by: .minutes(-1))
            ).announce()
            #expect(monitor.isListening && monitor.status.change == .up)
            return monitor
        }
        func told() -> [String] { sink.deliveries.compactMap { $0.attributes["change"] } }
        _ = await next(runningOn: false)
        #expect(told() == ["gap", "up"])
        let second = await next(runningOn: true)
        #expect(told() == ["gap", "up"])
        await second.report(SourceReport(change: .degraded, reason: "403"), slot: "makecall")
        _ = await next(runningOn: true)
        #expect(told() == ["gap", "up", "degraded", "up"])
        second.retire()
        await second.removed(at: now)
        _ = await next(runningOn: false)
        #expect(told() == ["gap", "up", "degraded", "up", "down", "gap", "up"])
    }

    /// The pollers of one server fail one after the other.
    @Test func whichTokensFailIsToldAgainAfterAMinute() async {
        let clock = Mutex(Timestamp(milliseconds: 1_767_603_600_000))
        let sink = ScriptedSink()
        let surroundings = Surroundings(
            client: Silence(), sink: sink, now: { clock.withLock(\.self) }, ticks: { clock.withLock(\.self) },
            sleep: { _ in }, random: { 0 }, logger: CapturedLog().logger)
        let monitor = SourceMonitor(
            source: SourceName(provider: "ovh", name: "paris"), pollers: 3, surroundings: surroundings)
        func reasons() -> [String] {
            sink.deliveries.compactMap { $0.attributes["change"] == "degraded" ? $0.attributes["reason"] : nil }
        }
        for slot in ["0", "1", "2"] { await monitor.report(SourceReport(change: .up, reason: "answers"), slot: slot) }
        for slot in ["0", "1"] { await monitor.report(SourceReport(change: .down, reason: "401"), slot: slot) }
        #expect(await monitor.tellAgain())
        #expect(reasons() == ["1 of 3 tokens fail: 401"])
        clock.withLock { $0 = $0.advanced(by: .minutes(1)) }
        for _ in 0..<3 { #expect(await monitor.tellAgain()) }
        #expect(reasons() == ["1 of 3 tokens fail: 401", "2 of 3 tokens fail: 401"])
    }

    private struct Silence: HTTPClient {
        func execute(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply { HTTPReply(status: 200) }
    }
}
