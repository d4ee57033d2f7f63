package import CallModel

/// How one source is, as `GET /v1/sources` shows it.
package struct SourceStatus: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable {
        case up, down, degraded, starting
        /// The provider pushes: there is nothing to ask, so nothing says whether it would.
        case passive
    }

    package var source: SourceName
    package var state: State
    /// Since when it is in this state.
    package var since: Timestamp
    /// When its last delivery came that was no idle poll; nil where none came in this run.
    package var lastEvent: Timestamp?
    /// For a person; no secret, no full number.
    package var lastError: String?
    /// When that was. The source may be well again since: `state` says how it is now.
    package var lastErrorAt: Timestamp?
    /// How far its clock is ahead of ours, by the quickest of its last reports; negative where it is behind.
    package var clockSkew: Span?
    /// Counts since the start of the daemon; names in lower case with underscores: `polls`, `deliveries`, `unparsed`.
    package var counters: [String: Int64]
    /// Whether the provider has announced the end of this interface.
    package var legacy: Bool

    package init(
        source: SourceName, state: State, since: Timestamp, lastEvent: Timestamp? = nil, lastError: String? = nil,
        lastErrorAt: Timestamp? = nil, clockSkew: Span? = nil, counters: [String: Int64] = [:],
        legacy: Bool = false
    ) {
        self.source = source
        self.state = state
        self.since = since
        self.lastEvent = lastEvent
        self.lastError = lastError
        self.lastErrorAt = lastErrorAt
        self.clockSkew = clockSkew
        self.counters = counters
        self.legacy = legacy
    }

    func write(to json: inout JSONWriter) {
        json.object {
            $0.field("source", source.description)
            $0.field("state", state.rawValue)
            $0.field("since", since)
            $0.field("last_event", lastEvent)
            $0.field("last_error", lastError)
            $0.field("last_error_at", lastErrorAt)
            $0.field("clock_skew_ms", clockSkew?.milliseconds)
            $0.object("counters") { json in
                for (name, count) in counters.sorted(by: { $0.key < $1.key }) { json.field(named: name, count) }
            }
            $0.field("legacy", legacy)
        }
    }
}
