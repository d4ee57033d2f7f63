import CallModel

/// A tracker with a clock to set and a provider to speak for.
///
/// Times are seconds after the beginning: `at` is the arrival, `time` the provider's clock.
struct Stage {
    var tracker: CallTracker
    private(set) var told: [EventDraft] = []
    private var facts = 0
    /// Who speaks.
    var source = Self.source

    static let start = Timestamp(milliseconds: 1_767_603_600_000)
    static let source = SourceName(provider: "ovh", name: "paris")

    init(limits: TrackerLimits = TrackerLimits()) {
        tracker = CallTracker(limits: limits)
    }

    static func time(_ seconds: Double) -> Timestamp {
        start.advanced(by: .milliseconds(Int64(seconds * 1_000)))
    }

    /// The provider says one thing about a call. What it makes the tracker tell.
    @discardableResult
    mutating func say(
        _ step: CallFact.Step, of call: String = "call", at: Double, time: Double? = nil,
        direction: Direction = .inbound, word: String? = nil, channel: String? = nil,
        with change: (inout CallFact) -> Void = { _ in }
    ) -> [EventDraft] {
        var fact = CallFact(
            reference: .keys([CallKey(rawValue: call)]), step: step, direction: direction,
            remote: Party(number: "+33639980011", kind: .e164), local: Party(number: "+33199000001", kind: .e164))
        change(&fact)
        return observe(.call(fact), at: at, time: time, word: word ?? Self.name(of: step), channel: channel)
    }

    /// `channel`: what the provider calls the session, in its own words.
    @discardableResult
    mutating func observe(
        _ content: Fact.Content, at: Double, time: Double? = nil, word: String? = nil, channel: String? = nil
    ) -> [EventDraft] {
        pass(to: at)
        facts += 1
        let drafts = tracker.observe(
            Fact(
                id: FactID(rawValue: "fact\(facts)xxxxxxxxxxxxxxxxxxxxxx"), source: source,
                observed: Self.time(at), time: time.map(Self.time), words: ProviderWords(event: word, session: channel),
                content: content)
        )
        told += drafts
        return drafts
    }

    @discardableResult
    mutating func pass(to seconds: Double) -> [EventDraft] {
        let drafts = tracker.advance(to: Self.time(seconds))
        told += drafts
        return drafts
    }

    /// Nobody speaks for two days.
    @discardableResult
    mutating func close() -> [EventDraft] {
        pass(to: 172_800)
    }

    var types: [EventType] { told.map(\.type) }

    /// The data of the last event of a type.
    func data(_ type: EventType) -> CallData? {
        told.last { $0.type == type }?.call
    }

    private static func name(of step: CallFact.Step) -> String {
        String("\(step)".prefix { $0.isLetter })
    }
}

extension EventDraft {
    var call: CallData? {
        if case .call(let data) = data { data } else { nil }
    }
}
