import CallModel

/// What a recording comes to, without who took part: what must stay the same where numbers and names are replaced.
package struct RecordingOutline: Sendable, Equatable {
    /// Type, state, outcome, direction and basis of each event, in order.
    package let events: [String]

    package init(_ recording: Recording) {
        events = Replayer.events(of: recording).map { draft in
            guard case .call(let data) = draft.data else { return draft.type.rawValue }
            let basis = data.basis == .reported ? "reported" : "inferred"
            let outcome = data.outcome?.rawValue ?? "-"
            return "\(draft.type.rawValue) \(data.state.rawValue) \(outcome) \(data.direction.rawValue) \(basis)"
        }
    }
}
