package import CallModel

/// Which calls a list asks for, newest first. An empty query asks for all.
package struct CallQuery: Sendable, Hashable {
    /// More are never given at once.
    package static let maximumLimit = 10_000

    /// Any of these; empty: any at all.
    package var states: [CallState]
    /// Any of these; empty: any at all, also none yet.
    package var outcomes: [Outcome]
    /// The number of the remote or the local party is one of these, exactly as the journal keeps it; empty: any number.
    package var numbers: [String]
    /// Started at this time or later.
    package var since: Timestamp?
    /// Started before this time.
    package var until: Timestamp?
    /// More than `maximumLimit` is `maximumLimit`.
    package var limit: Int

    package init(
        states: [CallState] = [], outcomes: [Outcome] = [], numbers: [String] = [], since: Timestamp? = nil,
        until: Timestamp? = nil, limit: Int = 100
    ) {
        self.states = states
        self.outcomes = outcomes
        self.numbers = numbers
        self.since = since
        self.until = until
        self.limit = limit
    }
}
