import CallModel
import FoundationEssentials
import Providers

/// A scenario on its way through decoders and tracker, as in the daemon but without its edges: what was due before a
/// delivery is told before it, known facts are dropped, a restart comes back from JSON.
struct SiteRun {
    private let scenario: SiteScenario
    private let decoders: [SourceName: any DeliveryDecoder]
    private let limits: TrackerLimits
    private(set) var tracker: CallTracker
    private(set) var drafts: [EventDraft] = []
    /// What arrived about each call of each part.
    private(set) var evidence: [Int: [Int: [Meaning]]] = [:]
    private(set) var messages: [SourceName: Set<String>] = [:]
    private(set) var orangeTexts = 0
    private var seen: Set<FactID> = []
    private var stored: [CallID: [UInt8]] = [:]
    private var general: [UInt8]?
    private(set) var deliveries: [Delivery] = []
    /// Whether the journal takes nothing at the first attempt.
    private let isTriedInVain: Bool

    init(_ scenario: SiteScenario, limits: TrackerLimits = TrackerLimits(), isTriedInVain: Bool = false) {
        self.scenario = scenario
        self.isTriedInVain = isTriedInVain
        self.limits = limits
        tracker = CallTracker(limits: limits)
        let numbers = NumberPlan(country: "FR")
        var mapped = OrangeDecoder.Settings(numbers: numbers)
        mapped.notifications.call = "cid"
        mapped.notifications.state = "etat"
        mapped.notifications.words = [
            "sonne": .state(.ringing), "decroche": .state(.connected), "raccroche": .state(.ended),
            "pasdereponse": .ended(.noAnswer),
        ]
        let ovh = OVHDecoder(settings: .init(numbers: numbers))
        let dmc = SFRDMCDecoder(settings: .init(numbers: numbers))
        decoders = [
            Site.paris: ovh, Site.lyon: ovh, Site.desk: KeyyoDecoder(settings: .init(numbers: numbers)),
            Site.sales: VoIPGRIDDecoder(numbers: numbers), Site.campaigns: dmc, Site.json: dmc,
            Site.legacy: OrangeDecoder(settings: .init(numbers: numbers)),
            Site.mapped: OrangeDecoder(settings: mapped),
        ]
    }

    /// Lets it all happen, up to long after the last deadline.
    mutating func run() throws {
        var restarts = scenario.restarts[...]
        // A clock that is set while the daemon is down is found out from the journal; one that is set while it runs, at
        // once.
        var jumps = scenario.jumps.filter { jump in !scenario.restarts.contains { $0.covers(jump.at) } }
            .sorted { $0.at < $1.at }[...]
        var last = Site.start
        for arrival in scenario.arrivals() {
            while true {
                let restart = restarts.first.flatMap { $0.at + $0.downtime <= arrival.at ? $0 : nil }
                let jump = jumps.first.flatMap { $0.at <= arrival.at ? $0 : nil }
                if let jump, jump.at < restart?.at ?? .max {
                    jumps = jumps.dropFirst()
                    drafts += tracker.advance(
                        to: scenario.observed(jump.at).advanced(by: .milliseconds(-jump.by)))
                    tracker.hostClockChanged(by: .milliseconds(jump.by))
                } else if let restart {
                    restarts = restarts.dropFirst()
                    let alive = scenario.observed(restart.at)
                    drafts += tracker.advance(to: alive)
                    try self.restart(at: scenario.observed(restart.at + restart.downtime), lastAlive: alive)
                } else {
                    break
                }
            }
            if isTriedInVain { tryInVain(arrival.delivery) }
            feed(arrival)
            last = max(last, arrival.delivery.observed)
        }
        drafts += tracker.advance(to: last.advanced(by: .days(2)))
    }

    /// With what is due for long after, so that the most is taken back.
    private mutating func tryInVain(_ delivery: Delivery) {
        tracker.mark()
        _ = tracker.advance(to: delivery.observed)
        for fact in decoders[delivery.source]?.decode(delivery).facts ?? [] where !seen.contains(fact.id) {
            _ = tracker.observe(fact)
        }
        if delivery.body.count % 2 == 0 { _ = tracker.advance(to: delivery.observed.advanced(by: .minutes(20))) }
        _ = tracker.takeChanges()
        tracker.revert()
    }

    private mutating func feed(_ arrival: SiteScenario.Arrival) {
        let delivery = arrival.delivery
        deliveries.append(delivery)
        for told in arrival.tells {
            if case .message(let name) = told.meaning {
                if delivery.source == Site.legacy { orangeTexts += 1 }
                messages[delivery.source, default: []].insert(name)
            } else {
                evidence[told.part, default: [:]][told.call, default: []].append(told.meaning)
            }
        }
        drafts += tracker.advance(to: delivery.observed)
        for fact in decoders[delivery.source]?.decode(delivery).facts ?? [] where seen.insert(fact.id).inserted {
            drafts += tracker.observe(fact)
        }
    }

    private mutating func restart(at now: Timestamp, lastAlive: Timestamp) throws {
        let changes = tracker.takeChanges()
        let encoder = JSONEncoder()
        for call in changes.changed { stored[call.id] = Array(try encoder.encode(call)) }
        for call in changes.forgotten { stored[call.id] = nil }
        if let general = changes.general { self.general = Array(try encoder.encode(general)) }
        let decoder = JSONDecoder()
        let calls = try stored.values.map { try decoder.decode(TrackedCall.self, from: Data($0)) }
        let general = try general.map { try decoder.decode(CallTracker.General.self, from: Data($0)) }
        tracker = CallTracker(limits: limits)
        tracker.restore(calls, general: general, now: now, grace: .minutes(1), lastAlive: lastAlive)
    }
}
