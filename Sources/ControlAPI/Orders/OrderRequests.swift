package import CallModel

/// A conference somebody wants.
package struct ConferenceRequest: Sendable, Hashable {
    /// Who may dial in, by the words of the Orange API; see `OrangeConference.Access`.
    package enum Access: String, Sendable, CaseIterable {
        case room, caller
        case roomAndCaller = "room+caller"
        case none
    }

    package var source: SourceName
    package var access: Access
    /// Who may dial in, as the client wrote them.
    package var numbers: [String]
    /// How long it lasts: 1 to 1,440.
    package var minutes: Int
    /// Nil: at once.
    package var start: Timestamp?
    /// Nil: every such request makes a conference of its own, repeated or not.
    package var idempotencyKey: String?

    package init(
        source: SourceName, access: Access, numbers: [String] = [], minutes: Int, start: Timestamp? = nil,
        idempotencyKey: String? = nil
    ) {
        self.source = source
        self.access = access
        self.numbers = numbers
        self.minutes = minutes
        self.start = start
        self.idempotencyKey = idempotencyKey
    }

    /// See `PlaceRequest.fingerprint`.
    package var fingerprint: String {
        requestFingerprint([source.description, access.rawValue, "\(minutes)", start?.description] + numbers)
    }
}

/// Numbers for a conference: to be let in, or to be called.
package struct GuestsRequest: Sendable, Hashable {
    package var source: SourceName
    /// The provider's name of it.
    package var conference: String
    package var numbers: [String]
    package var idempotencyKey: String?

    package init(source: SourceName, conference: String, numbers: [String], idempotencyKey: String? = nil) {
        self.source = source
        self.conference = conference
        self.numbers = numbers
        self.idempotencyKey = idempotencyKey
    }

    /// See `PlaceRequest.fingerprint`.
    package var fingerprint: String { requestFingerprint([source.description, conference] + numbers) }
}

/// A text somebody wants sent.
package struct MessageRequest: Sendable, Hashable {
    package var source: SourceName
    package var to: String
    /// 1 to 1,600 characters.
    package var text: String
    package var from: String?
    package var idempotencyKey: String?

    package init(
        source: SourceName, to: String, text: String, from: String? = nil, idempotencyKey: String? = nil
    ) {
        self.source = source
        self.to = to
        self.text = text
        self.from = from
        self.idempotencyKey = idempotencyKey
    }

    /// See `PlaceRequest.fingerprint`.
    package var fingerprint: String { requestFingerprint([source.description, to, text, from]) }
}
