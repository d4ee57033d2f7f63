package import CallModel
package import EventJournal
import FoundationEssentials
import Intake
package import Logging
package import Providers

/// What the journal thread does with one batch: decode, track, commit. Owns the tracker.
package struct BatchProcessor: Sendable {
    /// What one committed batch gives to readers, senders and the board.
    package struct Outcome {
        var lines: [StreamLine]
        /// One for each delivery, in order.
        var receipts: [DeliveryReceipt]
        var changed: [TrackedCall]
        /// False where there was nothing to write.
        var isWritten: Bool
    }

    /// What is kept of the daemon between runs, besides calls.
    package struct DaemonState: Codable, Sendable {
        /// Nil where the tracker has never had any such state.
        package var tracker: CallTracker.General?
        /// When the daemon was last known to live.
        package var alive: Timestamp
    }

    private let journal: EventJournal
    private let logger: Logger
    private var tracker: CallTracker
    private var general: CallTracker.General?
    private let encoder = JSONEncoder()

    /// More deadlines than this that are due at once are worked off in several batches: one that fails is worked out
    /// again.
    static let maximumDeadlines = 512
    /// An open call whose deadline passed while nobody looked gets this long for its end to be found out.
    static let restoreGrace = Span.minutes(1)

    /// Takes up where the journal ends.
    package init(
        journal: EventJournal, limits: TrackerLimits, now: Timestamp, logger: Logger
    ) throws(JournalError) {
        self.journal = journal
        self.logger = logger
        tracker = CallTracker(limits: limits)
        try restore(now: now)
    }

    /// Also those that readers do not see yet.
    package var openCalls: [TrackedCall] { tracker.openCalls }
    /// Those that readers see, in the order they began.
    package var liveCalls: [TrackedCall] { tracker.liveCalls }

    /// How far the clock of each of these sources is ahead of ours, where that is known.
    func clockSkews(of sources: some Sequence<SourceName>) -> [SourceName: Span] {
        var skews: [SourceName: Span] = [:]
        for source in sources { skews[source] = tracker.clockSkew(of: source) }
        return skews
    }

    /// How long nothing is due.
    mutating func pause(from now: Timestamp) -> Span {
        tracker.nextDeadline()?.since(now) ?? .hours(1)
    }

    /// Nil in a new journal, and where what an earlier version wrote cannot be read: then the state begins anew.
    package static func daemonState(in journal: EventJournal) throws(JournalError) -> DaemonState? {
        guard let bytes = try journal.trackerState() else { return nil }
        return try? JSONDecoder().decode(DaemonState.self, from: Data(bytes))
    }

    private mutating func restore(now: Timestamp) throws(JournalError) {
        let decoder = JSONDecoder()
        var calls: [TrackedCall] = []
        for bytes in try journal.trackedCalls() {
            do {
                calls.append(try decoder.decode(TrackedCall.self, from: Data(bytes)))
            } catch {
                logger.error(
                    "a call in the journal cannot be read, it is left as it is", metadata: ["error": "\(error)"])
            }
        }
        let state = try Self.daemonState(in: journal)
        general = state?.tracker
        let lastWritten = if let state { try lastWritten(after: state.alive) } else { Timestamp?.none }
        tracker.restore(calls, general: general, now: now, grace: Self.restoreGrace, lastAlive: lastWritten)
    }

    /// A beat says that the daemon lives; what came since then was written later. What came long after it was so by the
    /// clock of before: the beat is written anew as soon as that is set.
    private func lastWritten(after beat: Timestamp) throws(JournalError) -> Timestamp {
        guard let arrival = try journal.lastArrival(), arrival > beat, arrival.since(beat) <= Pipeline.heartbeat else {
            return beat
        }
        return arrival
    }

    /// Whether a deadline has passed at `time`.
    mutating func isBehind(at time: Timestamp) -> Bool {
        tracker.nextDeadline().map { $0 <= time } ?? false
    }

    /// Takes a batch in and makes it durable; without deliveries, what is due. After an error nothing of it has
    /// happened, which costs what the batch cost and not what reading the journal again would: thousands of calls are
    /// remembered, and on a full disk one batch after the other fails.
    ///
    /// - Parameters:
    ///   - alive: until when everything was heard, where that is not `now`: what a restart takes for the beginning of
    ///     its gap.
    ///   - clockChange: by how much the clock of the host was set since the last time; that stays, whatever fails.
    package mutating func process(
        _ deliveries: [(delivery: Delivery, cursor: PollCursor?)], decoders: [SourceName: any DeliveryDecoder],
        now: Timestamp, isBeat: Bool, alive: Timestamp? = nil, clockChange: Span = .milliseconds(0)
    ) throws(JournalError) -> Outcome {
        tracker.hostClockChanged(by: clockChange)
        let general = general
        tracker.mark()
        do {
            let outcome = try attempt(
                deliveries, decoders: decoders, now: now, isBeat: isBeat, alive: min(alive ?? now, now))
            tracker.settle()
            return outcome
        } catch {
            tracker.revert()
            self.general = general
            throw error
        }
    }

    private mutating func attempt(
        _ deliveries: [(delivery: Delivery, cursor: PollCursor?)], decoders: [SourceName: any DeliveryDecoder],
        now: Timestamp, isBeat: Bool, alive: Timestamp
    ) throws(JournalError) -> Outcome {
        var batch = JournalBatch(observed: now)
        var receipts: [(receipt: DeliveryReceipt, call: CallKey?)] = []
        var seen: Set<FactID> = []
        for (delivery, cursor) in deliveries {
            advance(to: delivery.observed, &batch)
            let decoded = Self.decode(delivery, decoders[delivery.source])
            let unknown = try journal.unknown(decoded.facts.map(\.id))
            var entry = JournalBatch.Entry(delivery: delivery, cursor: cursor)
            for fact in decoded.facts {
                guard unknown.contains(fact.id), seen.insert(fact.id).inserted else {
                    // The answer to a question is of today, whatever it repeats.
                    if delivery.kind == .status {
                        entry.drafts += tracker.confirm(fact)
                        entry.calls.formUnion(tracker.concerned)
                    }
                    continue
                }
                entry.facts.append(fact.id)
                entry.drafts += tracker.observe(fact)
                entry.calls.formUnion(tracker.concerned)
                if case .unparsed = fact.content { entry.unparsed = true }
            }
            entry.keepsDelivery = delivery.kind != .poll || !decoded.facts.isEmpty
            batch.entries.append(entry)
            // Also where the same was not understood before: each is one that somebody should look at.
            let isUnparsed = decoded.facts.contains { if case .unparsed = $0.content { true } else { false } }
            receipts.append((DeliveryReceipt(refusal: decoded.refusal, isUnparsed: isUnparsed), Self.key(decoded)))
        }
        // A delivery that arrived before a deadline comes before it, even if it waited: deadlines run only when the
        // queue is empty or has been worked off to here.
        if deliveries.isEmpty { advance(to: now, atMost: Self.maximumDeadlines, &batch) }
        return try commit(&batch, receipts, now: now, isBeat: isBeat, alive: alive)
    }

    /// Of a source that is not configured any more, what we say of it ourselves can still be read.
    private static func decode(_ delivery: Delivery, _ decoder: (any DeliveryDecoder)?) -> DecodedDelivery {
        if delivery.isCarrier { return DecodedDelivery(facts: []) }
        if let decoder { return decoder.decode(delivery) }
        if delivery.kind == .health { return HealthReports.decode(delivery) }
        return .unparsed("source removed", "a delivery of a source that is no longer configured", delivery)
    }

    private mutating func advance(to time: Timestamp, atMost maximum: Int = .max, _ batch: inout JournalBatch) {
        let drafts = tracker.advance(to: time, atMost: maximum)
        if !drafts.isEmpty { batch.entries.append(JournalBatch.Entry(delivery: nil, drafts: drafts)) }
    }

    private mutating func commit(
        _ batch: inout JournalBatch, _ receipts: [(receipt: DeliveryReceipt, call: CallKey?)], now: Timestamp,
        isBeat: Bool, alive: Timestamp
    ) throws(JournalError) -> Outcome {
        let changes = tracker.takeChanges()
        if let newer = changes.general { general = newer }
        batch.calls = changes.changed.map { stored($0, isTracked: true, now: now) }
        batch.calls += changes.forgotten.map { stored($0, isTracked: false, now: now) }
        if isBeat || changes.general != nil {
            batch.trackerState = encode(DaemonState(tracker: general, alive: alive))
        }
        guard !batch.entries.isEmpty || !batch.calls.isEmpty || batch.trackerState != nil else {
            return Outcome(lines: [], receipts: [], changed: [], isWritten: false)
        }
        let lines = try journal.commit(batch)
        let told = receipts.map { receipt, key in
            var receipt = receipt
            if let call = key.flatMap({ tracker.call(named: $0) }) {
                receipt.call = call.id
                receipt.callState = call.state
            }
            return receipt
        }
        return Outcome(lines: lines, receipts: told, changed: changes.changed, isWritten: true)
    }

    private func stored(_ call: TrackedCall, isTracked: Bool, now: Timestamp) -> StoredCall {
        let data = tracker.presentation(of: call)
        var json = JSONWriter()
        json.object {
            $0.field("id", call.id.rawValue)
            $0.field("source", call.source.description)
            EventEncoder().call(data, &$0)
        }
        return StoredCall(
            id: call.id, source: call.source, state: data.state, direction: data.direction, outcome: data.outcome,
            remoteNumber: data.remote?.number ?? data.remote?.raw,
            localNumber: data.local?.number ?? data.local?.raw, line: data.local?.line, session: data.session,
            started: data.times.started ?? now, updated: now,
            ended: data.state == .ended ? data.times.ended ?? now : nil, json: json.bytes,
            tracked: isTracked ? encode(call) : nil)
    }

    private func encode(_ value: some Encodable) -> [UInt8]? {
        do {
            return Array(try encoder.encode(value))
        } catch {
            // Only our own types are encoded here, none of which can fail.
            logger.critical("state cannot be encoded", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private static func key(_ decoded: DecodedDelivery) -> CallKey? {
        for fact in decoded.facts {
            if case .call(let call) = fact.content, case .keys(let keys) = call.reference, let key = keys.first {
                return key
            }
        }
        return nil
    }
}
