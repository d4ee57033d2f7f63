extension CallTracker {
    mutating func tell(_ type: EventType, subject: String, _ occasion: Occasion, _ data: EventData) {
        drafts.append(
            EventDraft(
                id: occasion.eventID(type, of: nil), source: occasion.source, type: type, subject: subject,
                time: occasion.moment.provider, observed: occasion.moment.observed, data: data))
    }

    /// Tells readers about a call. The id of the event.
    @discardableResult
    mutating func tell(_ type: EventType, _ call: TrackedCall, _ occasion: Occasion, _ data: CallData) -> EventID {
        let id = occasion.eventID(type, of: call.id)
        drafts.append(
            EventDraft(
                id: id, source: call.source, type: type, subject: call.id.rawValue, time: occasion.moment.provider,
                observed: occasion.moment.observed, data: .call(data)))
        return id
    }

    /// The same for what one occasion may have several reasons to tell: readers are told once, what it came to.
    mutating func tellOnce(_ type: EventType, _ call: TrackedCall, _ occasion: Occasion, _ data: CallData) {
        let id = occasion.eventID(type, of: call.id)
        if let told = drafts.lastIndex(where: { $0.id == id }) {
            drafts[told].data = .call(data)
        } else {
            tell(type, call, occasion, data)
        }
    }
}
