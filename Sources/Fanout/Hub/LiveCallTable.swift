import CallModel

/// The calls that have not ended, by what the published events said of them.
///
/// Bounded by the tracker: every open call has a deadline, and its end is an event.
struct LiveCallTable {
    private var calls: [CallID: (order: Int, call: LiveCall)] = [:]
    private var nextOrder = 0
    /// The calls in order, until the next change: many readers may connect at once.
    private var ordered: [LiveCall]? = []

    init(_ calls: some Sequence<LiveCall>) {
        for call in calls { insert(call) }
    }

    mutating func apply(_ draft: EventDraft) {
        guard case .call(let data) = draft.data else { return }
        let id = CallID(rawValue: draft.subject)
        if data.state == .ended || draft.type == .callSummary {
            if calls.removeValue(forKey: id) != nil { ordered = nil }
        } else {
            insert(LiveCall(id: id, source: draft.source, data: data))
        }
    }

    mutating func inOrder() -> [LiveCall] {
        if let ordered { return ordered }
        let sorted = calls.values.sorted { $0.order < $1.order }.map(\.call)
        ordered = sorted
        return sorted
    }

    private mutating func insert(_ call: LiveCall) {
        if let known = calls[call.id]?.order {
            calls[call.id] = (known, call)
        } else {
            calls[call.id] = (nextOrder, call)
            nextOrder += 1
        }
        ordered = nil
    }
}
