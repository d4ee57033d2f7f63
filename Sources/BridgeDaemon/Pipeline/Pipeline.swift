package import CallModel
import Dispatch
package import EventJournal
package import Fanout
import HostSupport
package import Intake
package import Logging
package import Providers
import Synchronization

/// The one way from a delivery to a durable event.
///
/// A thread of its own takes whatever is waiting, decodes it, lets the tracker work out what it means, commits all of
/// it in one transaction, and only then acknowledges the deliveries and hands the events to the readers. What waits
/// while a commit runs goes into the next one: the busier, the larger the groups.
package final class Pipeline: DeliverySink {
    /// Deliveries waiting for the thread; more are refused (`overloaded`).
    package static let maximumWaiting = 10_000
    /// Bytes in them.
    package static let maximumWaitingBytes = 64 << 20
    /// Deliveries in one transaction.
    static let maximumBatch = 512
    /// How often the journal is told that the daemon lives, so that a gap after a crash has a beginning.
    static let heartbeat = Span.seconds(30)
    /// A write that takes longer than whoever notifies waits for its answer: the disk hangs.
    static let patience = Span.seconds(10)

    struct Item {
        var delivery: Delivery
        let cursor: PollCursor?
        let enqueued: ContinuousClock.Instant
        /// The same moment by the clock that the clock of the host is watched with.
        let ticks: Timestamp
        let acknowledge: @Sendable (Result<DeliveryReceipt, IntakeRejection>) -> Void
    }

    private struct Waiting {
        var items: [Item] = []
        var bytes = 0
        var isStopping = false
        var hasStopped = false
    }

    let journal: EventJournal
    let hub: StreamHub
    let board: CallBoard
    let logger: Logger
    private let retention: Mutex<RetentionLimits>
    let decoders = Mutex<[SourceName: any DeliveryDecoder]>([:])
    let observeLatency: @Sendable (Duration) -> Void
    private let waiting = Mutex(Waiting())
    let skews = Mutex<[SourceName: Span]>([:])
    /// Bounded by the names that were ever configured in this run.
    let unparsed = Mutex<[SourceName: Int64]>([:])
    let news = DispatchSemaphore(value: 0)
    private let stopped = DispatchSemaphore(value: 0)
    let beats = Atomic<UInt64>(0)
    let outage = Mutex(JournalOutage())
    /// Of this thread and of whoever else writes.
    let writes = WriteWatch()
    /// Since when not everything is heard, because the daemon is stopping.
    private let deafSince = Mutex<Timestamp?>(nil)

    package init(
        journal: EventJournal, hub: StreamHub, board: CallBoard, retention: RetentionLimits, logger: Logger,
        observeLatency: @escaping @Sendable (Duration) -> Void = { _ in }
    ) {
        self.journal = journal
        self.hub = hub
        self.board = board
        self.retention = Mutex(retention)
        self.logger = logger
        self.observeLatency = observeLatency
    }

    /// Moves whenever the thread has done a round: the proof of life for the watchdog.
    package var heartbeats: UInt64 { beats.load(ordering: .relaxed) }

    /// Lets the thread do a round now, so that the watchdog need not wait for the next one.
    package func nudge() { news.signal() }

    /// Why the journal cannot be written, also where smaller writes have gone through since; nil where it can.
    package var failure: JournalError? { outage.withLock { $0.error } }

    /// The journal has failed, or hung, for longer than anybody should wait for it.
    package var isFailureLasting: Bool { outage.withLock { $0.isLasting } || isHanging() }

    /// Whether the disk neither takes what is written nor says that it cannot. `now` is by a clock that never goes
    /// back.
    package func isHanging(now: Timestamp = MonotonicClock.now()) -> Bool {
        writes.longest(at: now) >= Self.patience
    }

    /// Why what comes cannot be kept now, in a few words; nil where it can.
    package var trouble: String? {
        if let failure { return "the journal cannot be written: \(failure.kind.rawValue)" }
        return isHanging() ? "the journal hangs: a write has taken more than 10 s" : nil
    }

    /// How far the clock of a source is ahead of ours, by the quickest of its last reports; nil where too few of them
    /// told a time.
    package func clockSkew(of source: SourceName) -> Span? { skews.withLock { $0[source] } }

    /// How many durable deliveries of a source, in this run, held something that was not understood.
    package func unparsed(of source: SourceName) -> Int64 { unparsed.withLock { $0[source] ?? 0 } }

    /// Deliveries not yet taken up by the thread.
    package var backlog: Int { waiting.withLock { $0.items.count } }

    /// From here on nobody listens: what the next run takes for the beginning of its gap is no later.
    package func stopsHearing(at now: Timestamp) {
        deafSince.withLock { $0 = $0 ?? now }
    }

    /// Those that a reload left out stay: what was accepted of them may still be on its way here. Bounded by the names
    /// that were ever configured in this run.
    package func use(_ decoders: [SourceName: any DeliveryDecoder]) {
        self.decoders.withLock { $0.merge(decoders) { _, newer in newer } }
    }

    /// After a reload; counts from the next pruning on.
    package func use(_ retention: RetentionLimits) {
        self.retention.withLock { $0 = retention }
    }

    // MARK: - Intake

    package func submit(
        _ delivery: Delivery, cursor: PollCursor?
    ) async throws(IntakeRejection) -> DeliveryReceipt {
        let result: Result<DeliveryReceipt, IntakeRejection> = await withCheckedContinuation { continuation in
            enqueue(delivery, cursor: cursor) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    private func enqueue(
        _ delivery: Delivery, cursor: PollCursor?,
        acknowledge: @escaping @Sendable (Result<DeliveryReceipt, IntakeRejection>) -> Void
    ) {
        let refusal = waiting.withLock { waiting -> IntakeRejection? in
            guard !waiting.isStopping else { return .stopping }
            guard waiting.items.count < Self.maximumWaiting,
                waiting.bytes + delivery.body.count <= Self.maximumWaitingBytes
            else { return .overloaded }
            waiting.bytes += delivery.body.count
            waiting.items.append(
                Item(
                    delivery: delivery, cursor: cursor, enqueued: ContinuousClock.now, ticks: MonotonicClock.now(),
                    acknowledge: acknowledge))
            return nil
        }
        if let refusal {
            if refusal == .overloaded {
                outage.withLock {
                    $0.refused(delivery, at: WallClock.now(), now: MonotonicClock.now(), isOverload: $0.error == nil)
                }
            }
            acknowledge(.failure(refusal))
        } else {
            news.signal()
        }
    }

    // MARK: - The thread

    /// Starts the thread with what the journal remembers. False where there is no thread to be had.
    package func start(_ processor: consuming BatchProcessor) -> Bool {
        let handed = Mutex<BatchProcessor?>(processor)
        return DetachedThread.start(name: "journal") { [self] in
            guard var processor = handed.withLock({ $0.take() }) else { return }
            run(&processor)
        }
    }

    /// Takes nothing more in, finishes what waits and ends the thread.
    package func stop() async {
        let hasStopped = waiting.withLock { waiting in
            waiting.isStopping = true
            return waiting.hasStopped
        }
        guard !hasStopped else { return }
        news.signal()
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [self] in
                stopped.wait()
                continuation.resume()
            }
        }
    }

    private func run(_ processor: inout BatchProcessor) {
        // At once: the first word in the journal is that the daemon lives.
        var lastBeat = WallClock.now().advanced(by: Span(milliseconds: -Self.heartbeat.milliseconds))
        var upkeep = JournalUpkeep(journal: journal, logger: logger)
        var clocks = ClockWatch(wall: WallClock.now(), ticks: MonotonicClock.now())
        while true {
            beats.add(1, ordering: .relaxed)
            let now = WallClock.now()
            let pause = min(processor.pause(from: now), upkeep.pause())
            // A second at most: the watchdog wants to see the thread alive.
            _ = news.wait(timeout: .now() + .milliseconds(Int(min(max(pause.milliseconds, 0), 1_000))))
            var (items, isStopping) = take()
            let time = WallClock.now()
            // In an outage every round tries to write: its end shows although nothing comes in.
            let isBeat = time.since(lastBeat) >= Self.heartbeat || time < lastBeat || failure != nil
            if isBeat { lastBeat = time }
            let change = clocks.change(wall: time, ticks: MonotonicClock.now())
            if let change {
                logger.notice(
                    "the clock of the host was set, all deadlines move along",
                    metadata: ["by_ms": "\(change.milliseconds)"])
            }
            // What waited while the clock was set came when it says by now that it came, like all that is remembered.
            for index in items.indices {
                items[index].delivery.observed = clocks.moved(
                    items[index].delivery.observed, handedOver: items[index].ticks)
            }
            process(
                items, &processor, now: time, isBeat: isBeat || isStopping && items.isEmpty,
                clockChange: change ?? .milliseconds(0))
            if !isStopping {
                writes.during { upkeep.prune(retention.withLock { $0 }, now: time, isBusy: !items.isEmpty) }
            }
            if isStopping, items.isEmpty {
                waiting.withLock { $0.hasStopped = true }
                stopped.signal()
                return
            }
        }
    }

    private func take() -> (items: [Item], isStopping: Bool) {
        let (items, left, isStopping) = waiting.withLock { waiting in
            let count = min(waiting.items.count, Self.maximumBatch)
            let items = Array(waiting.items.prefix(count))
            waiting.items.removeFirst(count)
            for item in items { waiting.bytes -= item.delivery.body.count }
            return (items, !waiting.items.isEmpty, waiting.isStopping)
        }
        if left { news.signal() }
        return (items, isStopping)
    }

    /// Nil where everything is heard now.
    var heardUntil: Timestamp? {
        [outage.withLock { $0.earliestRefusal }, deafSince.withLock { $0 }].compactMap(\.self).min()
    }

    func failed(_ error: JournalError, _ items: [Item]) {
        let isNew = outage.withLock { outage in
            let (time, now) = (WallClock.now(), MonotonicClock.now())
            for item in items { outage.refused(item.delivery, at: time, now: now) }
            return outage.failed(error, now: now)
        }
        if isNew {
            logger.error(
                "journal cannot be written; what comes is refused until it can", metadata: ["error": "\(error)"])
        }
        for item in items { item.acknowledge(.failure(.journalUnavailable(error.description))) }
    }

    func written() {
        let (refused, failure) = outage.withLock { outage in
            let failure = outage.error
            return (outage.wrote(now: MonotonicClock.now()), failure)
        }
        guard let refused else { return }
        if failure != nil { logger.notice("journal can be written again") }
        for (source, refusals) in refused { tell(refusals, of: source) }
    }

    /// What was pushed to us was refused, and nobody sends it again. Told of a source that was removed since, too;
    /// until it is durable, a crash leaves it to the next run.
    private func tell(_ refusals: JournalOutage.Refusals, of source: SourceName) {
        let report = refusals.report
        logger.warning("source gap", metadata: ["source": "\(source)", "reason": "\(report.reason)"])
        enqueue(HealthReports.delivery(report, source: source, observed: WallClock.now()), cursor: nil) { [self] in
            let isDurable = (try? $0.get()) != nil
            outage.withLock { $0.told(source, isDurable: isDurable, now: MonotonicClock.now()) }
        }
    }
}
