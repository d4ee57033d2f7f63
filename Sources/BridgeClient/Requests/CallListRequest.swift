package import CallModel

/// Which calls to list.
package struct CallListRequest: Sendable, Hashable {
    /// As many as the daemon lists at once; it lists 100 when not told.
    package static let maximumLimit = 1_000
    /// All but `ended`.
    package static let liveStates: [CallState] = [.initiated, .queued, .ringing, .connected, .held]

    package var states: [CallState]
    package var outcomes: [Outcome]
    /// As the user wrote it; the daemon knows the notations.
    package var number: String?
    package var since: Timestamp?
    package var until: Timestamp?
    /// Nil: as many as the daemon gives unasked.
    package var limit: Int?

    package init(
        states: [CallState] = [], outcomes: [Outcome] = [], number: String? = nil, since: Timestamp? = nil,
        until: Timestamp? = nil, limit: Int? = nil
    ) {
        self.states = states
        self.outcomes = outcomes
        self.number = number
        self.since = since
        self.until = until
        self.limit = limit
    }

    package var apiRequest: APIRequest {
        var query: [APIRequest.Parameter] = []
        func add(_ name: String, _ value: String?) {
            if let value { query.append(.init(name, value)) }
        }
        add("state", states.isEmpty ? nil : states.map(\.rawValue).joined(separator: ","))
        add("outcome", outcomes.isEmpty ? nil : outcomes.map(\.rawValue).joined(separator: ","))
        add("number", number)
        add("since", since?.description)
        add("until", until?.description)
        add("limit", limit.map { String($0) })
        return APIRequest(.get, ["v1", "calls"], query: query)
    }
}
