import CallModel
import FoundationEssentials
import Providers

/// The way of a delivery through the daemon, without the daemon: decode, drop what is known, let pass what is due,
/// observe, encode.
struct Bench {
    private(set) var tracker: CallTracker
    private(set) var drafts: [EventDraft] = []
    private(set) var seen: Set<FactID> = []
    /// The call ids of those for which the provider said that somebody was reached.
    private(set) var connected: Set<String> = []
    private var ends: [CallKey: Timestamp] = [:]
    private let limits: TrackerLimits
    private var stored: [CallID: Data] = [:]
    private var general: Data?

    init(limits: TrackerLimits = TrackerLimits()) {
        self.limits = limits
        tracker = CallTracker(limits: limits)
    }

    // MARK: - Decoding

    /// The decoders by provider; some source names stand for a configuration of their own.
    static func decoder(of source: SourceName) -> any DeliveryDecoder {
        let numbers = NumberPlan(country: "FR")
        return switch source.description {
        case "ovh/registrations": OVHDecoder(settings: .init(numbers: numbers, tellsRegistrations: true))
        case "keyyo/custom":
            KeyyoDecoder(
                settings: .init(
                    numbers: numbers,
                    parameters: KeyyoParameters(names: [
                        .account: "ligne", .caller: "appelant", .callee: "_CALLEE_", .type: "etype", .time: "ts",
                        .session: "session", .redirecting: "redirectby",
                    ])))
        case "orange/mapped":
            OrangeDecoder(settings: orangeWithNames(numbers))
        case "orange/window":
            OrangeDecoder(settings: .init(numbers: numbers, duplicateWindow: .seconds(5)))
        case _ where source.provider == "orange": OrangeDecoder(settings: .init(numbers: numbers))
        case _ where source.provider == "ovh": OVHDecoder(settings: .init(numbers: numbers))
        case _ where source.provider == "keyyo": KeyyoDecoder(settings: .init(numbers: numbers))
        case _ where source.provider == "sfr-dmc": SFRDMCDecoder(settings: .init(numbers: numbers))
        default: VoIPGRIDDecoder(numbers: numbers)
        }
    }

    /// A made-up compatible server, which sends notifications and tells what became of messages.
    private static func orangeWithNames(_ numbers: NumberPlan) -> OrangeDecoder.Settings {
        var settings = OrangeDecoder.Settings(numbers: numbers)
        settings.notifications.call = "cid"
        settings.notifications.conference = "conf"
        settings.notifications.state = "etat"
        settings.notifications.words = [
            "sonne": .state(.ringing), "decroche": .state(.connected), "raccroche": .state(.ended),
            "pasdereponse": .ended(.noAnswer),
        ]
        settings.history.words = ["distribue": .delivered]
        return settings
    }

    static func facts(_ delivery: Delivery) -> [Fact] {
        decoder(of: delivery.source).decode(delivery).facts
    }

    // MARK: - Feeding

    mutating func feed(_ delivery: Delivery) {
        feed(Self.facts(delivery), at: delivery.observed)
    }

    mutating func feed(_ facts: [Fact], at observed: Timestamp) {
        drafts += tracker.advance(to: observed)
        for fact in facts { observe(fact) }
    }

    private mutating func observe(_ fact: Fact) {
        guard seen.insert(fact.id).inserted else { return }
        let told = tracker.observe(fact)
        drafts += told
        guard case .call(let call) = fact.content else { return }
        if case .ended = call.step, case .keys(let keys) = call.reference, let time = fact.time,
            time.isPlausible(at: fact.observed)
        {
            for key in keys { ends[key] = time }
        }
        guard Self.reaches(call.step) else { return }
        // What the provider itself dates after the end is no answer.
        if case .keys(let keys) = call.reference, let time = fact.time, time.isPlausible(at: fact.observed),
            keys.contains(where: { ends[$0] ?? time < time })
        {
            return
        }
        // By its name, or by what was told about it.
        var subjects = told.filter { $0.type.rawValue.hasPrefix("call.") }.map(\.subject)
        if case .keys(let keys) = call.reference { subjects = keys.compactMap { tracker.call(named: $0)?.id.rawValue } }
        connected.formUnion(subjects.prefix(1))
    }

    /// A step that means an answer. `agentBridged` does not: it is told before the bridge is tried.
    private static func reaches(_ step: CallFact.Step) -> Bool {
        switch step {
        case .connected, .held, .resumed, .agentUnbridged(_, bridged: true): true
        default: false
        }
    }

    /// Until everything has ended and been told.
    mutating func finish(after last: Timestamp) {
        drafts += tracker.advance(to: last.advanced(by: .days(1)))
    }

    /// What a restart does: everything the tracker said had changed comes back from JSON.
    ///
    /// - Parameter isRestart: false for the journal's failure, after which it goes on from there as well.
    mutating func restart(at now: Timestamp, isRestart: Bool = false) throws {
        let changes = tracker.takeChanges()
        for call in changes.changed { stored[call.id] = try JSONEncoder().encode(call) }
        for call in changes.forgotten { stored[call.id] = nil }
        if let general = changes.general { self.general = try JSONEncoder().encode(general) }

        let decoder = JSONDecoder()
        let calls = try stored.values.map { try decoder.decode(TrackedCall.self, from: $0) }
        let general = try general.map { try decoder.decode(CallTracker.General.self, from: $0) }
        tracker = CallTracker(limits: limits)
        tracker.restore(calls, general: general, now: now, grace: .milliseconds(0), isRestart: isRestart)
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
        let event = Event(cursor: Cursor(epoch: Fixture.epoch, seq: seq), draft: draft)
        return String(decoding: EventEncoder().line(event), as: UTF8.self)
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
