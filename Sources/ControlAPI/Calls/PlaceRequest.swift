package import CallModel

/// A call somebody wants placed.
package struct PlaceRequest: Sendable, Hashable {
    package var source: SourceName
    /// Whom to call, as the client wrote it. At most 128 characters, no control characters.
    package var to: String
    /// Which of our lines or users calls, where the source has several.
    package var from: String?
    /// What our own phone should show while it rings.
    package var name: String?
    /// Whether our own phone should answer by itself.
    package var autoAnswer: Bool?
    /// Given by the client to make a repetition harmless. Visible ASCII, 1 to 255 characters.
    package var idempotencyKey: String?

    package init(
        source: SourceName, to: String, from: String? = nil, name: String? = nil, autoAnswer: Bool? = nil,
        idempotencyKey: String? = nil
    ) {
        self.source = source
        self.to = to
        self.from = from
        self.name = name
        self.autoAnswer = autoAnswer
        self.idempotencyKey = idempotencyKey
    }

    /// A digest of all that is asked, without the key: 64 hexadecimal digits.
    ///
    /// Tells a repetition from another request under the same key (`PlacementClaim.fingerprint`).
    package var fingerprint: String {
        requestFingerprint([source.description, to, from, name, autoAnswer.map { $0 ? "yes" : "no" }])
    }
}
