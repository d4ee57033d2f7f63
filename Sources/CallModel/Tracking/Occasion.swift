/// What makes the tracker speak: a fact or a deadline.
struct Occasion {
    var id: String
    let source: SourceName
    let moment: Moment
    let words: ProviderWords?

    init(_ fact: Fact) {
        id = fact.id.rawValue
        source = fact.source
        moment = Moment(observed: fact.observed, provider: fact.time)
        words = fact.words
    }

    private init(_ id: String, _ source: SourceName, _ moment: Moment, _ words: ProviderWords?) {
        self.id = id
        self.source = source
        self.moment = moment
        self.words = words
    }

    /// What it is for another call than the one the provider speaks of: its ids are not that one's.
    var forAnotherCall: Occasion { Occasion(id, source, moment, words.map { ProviderWords(event: $0.event) }) }

    /// A deadline of a call: a moment of ours alone. `name` tells the deadlines of one call apart.
    init(deadline name: String, of call: TrackedCall) {
        id = "\(call.id)-\(name)"
        source = call.source
        moment = Moment(observed: call.due, provider: nil)
        words = nil
    }

    /// One fact may speak about several calls, and once in each type about each.
    func eventID(_ type: EventType, of call: CallID?) -> EventID {
        let suffix = type.rawValue.drop { $0 != "." }.dropFirst()
        guard let call, !id.hasPrefix(call.rawValue) else { return EventID(rawValue: "\(id)-\(suffix)") }
        return EventID(rawValue: "\(id)-\(suffix)-\(call.rawValue)")
    }
}
