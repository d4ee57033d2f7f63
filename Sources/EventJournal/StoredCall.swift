package import CallModel

/// One call as the journal keeps it: what call lists ask for, the call itself for the API, and what the tracker needs
/// to go on with it after a restart.
package struct StoredCall: Sendable, Hashable {
    package var id: CallID
    package var source: SourceName
    package var state: CallState
    package var direction: Direction
    /// Nil while the call goes on.
    package var outcome: Outcome?
    /// E.164 where that is certain, else as the provider wrote it. So is `localNumber`. Lists find calls by them.
    package var remoteNumber: String?
    package var localNumber: String?
    package var line: String?
    package var session: String?
    /// Where the provider gave no time, when the call was first written down.
    package var started: Timestamp
    /// When its last change was written down.
    package var updated: Timestamp
    /// Nil while the call goes on. Where the provider gave no time, when the end was written down.
    package var ended: Timestamp?
    /// The call as one JSON object, without a line break, ready for the API.
    package var json: [UInt8]
    /// The tracker's own form of the call; nil where the tracker has forgotten it.
    package var tracked: [UInt8]?

    package init(
        id: CallID, source: SourceName, state: CallState, direction: Direction, outcome: Outcome? = nil,
        remoteNumber: String? = nil, localNumber: String? = nil, line: String? = nil, session: String? = nil,
        started: Timestamp, updated: Timestamp, ended: Timestamp? = nil, json: [UInt8], tracked: [UInt8]? = nil
    ) {
        self.id = id
        self.source = source
        self.state = state
        self.direction = direction
        self.outcome = outcome
        self.remoteNumber = remoteNumber
        self.localNumber = localNumber
        self.line = line
        self.session = session
        self.started = started
        self.updated = updated
        self.ended = ended
        self.json = json
        self.tracked = tracked
    }
}
