import CallModel
import FoundationEssentials
import Providers
import Replay

/// The way of a delivery through the daemon, without the daemon: decode, drop what is known, let pass what is due,
/// observe, encode.
struct Bench {
    private var replayer: Replayer
    private(set) var drafts: [EventDraft] = []
    /// The call ids of those for which the provider said that somebody was reached.
    private(set) var connected: Set<String> = []
    private var ends: [CallKey: Timestamp] = [:]
    private let limits: TrackerLimits
    private var stored: [CallID: Data] = [:]
    private var general: Data?

    init(limits: TrackerLimits = TrackerLimits()) {
        self.limits = limits
        replayer = Replayer(limits: limits)
    }

    var tracker: CallTracker { replayer.tracker }

    // MARK: - Decoding

    static func facts(_ delivery: Delivery) -> [Fact] {
        let decoder =
            Fixture.decoders[delivery.source] ?? RecordedDecoders.shipped.standard(for: delivery.source, country: "FR")
        return decoder?.decode(delivery).facts ?? []
    }

    // MARK: - Feeding

    mutating func feed(_ delivery: Delivery) {
        feed(Self.facts(delivery), at: delivery.observed)
    }

    mutating func feed(_ facts: [Fact], at observed: Timestamp) {
        var reached = Reached(connected: connected, ends: ends)
        // Not held twice, so that they are changed in place.
        (connected, ends) = ([], [:])
        drafts += replayer.feed(facts, at: observed) { reached.note($0, $1, $2) }
        connected = reached.connected
        ends = reached.ends
    }

    /// The calls for which the provider said that somebody was reached.
    private struct Reached {
        var connected: Set<String>
        var ends: [CallKey: Timestamp]

        mutating func note(_ fact: Fact, _ told: [EventDraft], _ tracker: CallTracker) {
            guard case .call(let call) = fact.content else { return }
            if case .ended = call.step, case .keys(let keys) = call.reference, let time = fact.time,
                time.isPlausible(at: fact.observed)
            {
                for key in keys { ends[key] = time }
            }
            guard Bench.reaches(call.step) else { return }
            // What the provider itself dates after the end is no answer.
            if case .keys(let keys) = call.reference, let time = fact.time, time.isPlausible(at: fact.observed),
                keys.contains(where: { ends[$0] ?? time < time })
            {
                return
            }
            // By its name, or by what was told about it.
            var subjects = told.filter { $0.type.rawValue.hasPrefix("call.") }.map(\.subject)
            if case .keys(let keys) = call.reference {
                subjects = keys.compactMap { tracker.call(named: $0)?.id.rawValue }
            }
            connected.formUnion(subjects.prefix(1))
        }
    }

    /// A step that means an answer. `agentBridged` does not: it is told before the bridge is tried.
    fileprivate static func reaches(_ step: CallFact.Step) -> Bool {
        switch step {
        case .connected, .held, .resumed, .agentUnbridged(_, _, bridged: true): true
        default: false
        }
    }

    /// Until everything has ended and been told.
    mutating func finish(after last: Timestamp) {
        drafts += replayer.finish(after: last)
    }

    /// What a restart does: everything the tracker said had changed comes back from JSON.
    ///
    /// - Parameter isRestart: false for the journal's failure, after which it goes on from there as well.
    mutating func restart(at now: Timestamp, isRestart: Bool = false) throws {
        let changes = replayer.withTracker { $0.takeChanges() }
        for call in changes.changed { stored[call.id] = try JSONEncoder().encode(call) }
        for call in changes.forgotten { stored[call.id] = nil }
        if let general = changes.general { self.general = try JSONEncoder().encode(general) }

        let decoder = JSONDecoder()
        let calls = try stored.values.map { try decoder.decode(TrackedCall.self, from: $0) }
        let general = try general.map { try decoder.decode(CallTracker.General.self, from: $0) }
        replayer.withTracker { tracker in
            tracker = CallTracker(limits: limits)
            tracker.restore(calls, general: general, now: now, grace: .milliseconds(0), isRestart: isRestart)
        }
    }

    // MARK: - Result

    static func run(_ deliveries: [Delivery], limits: TrackerLimits = TrackerLimits()) -> Bench {
        var bench = Bench(limits: limits)
        for delivery in deliveries { bench.feed(delivery) }
        bench.finish(after: deliveries.map(\.observed).max() ?? Fixture.start)
        return bench
    }

    var lines: [String] {
        drafts.enumerated().map { index, draft in Self.line(draft, seq: Int64(index) + 1) }
    }

    static func line(_ draft: EventDraft, seq: Int64) -> String {
        String(decoding: Replayer.line(draft, seq: seq), as: UTF8.self)
    }

    /// The summaries and nothing else, without their places.
    var summaries: [String] {
        drafts.filter { $0.type == .callSummary }.map { Self.line($0, seq: 0) }.sorted()
    }

    /// The last outcome told of each call, after every correction.
    var outcomes: [String: Outcome] {
        var outcomes: [String: Outcome] = [:]
        for draft in drafts {
            guard case .call(let data) = draft.data, let outcome = data.outcome else { continue }
            outcomes[draft.subject] = outcome
        }
        return outcomes
    }
}
