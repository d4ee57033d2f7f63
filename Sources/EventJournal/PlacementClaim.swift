package import CallModel

/// The intent to place a call, written down before the provider is asked, so that the same request never dials twice.
package struct PlacementClaim: Sendable, Hashable {
    /// What the client sent to tell one request from another.
    package var idempotencyKey: String
    /// A digest of the request, to find a key that is used again for something else.
    package var fingerprint: String
    /// The id that the call gets once it is told; given before anybody is asked.
    package var call: CallID
    package var source: SourceName
    /// When it was claimed. Claims are kept as long as events are.
    package var observed: Timestamp
    /// Whom to call and from where, as asked: what is told of a call whose answer was lost in a crash.
    package var to: String
    /// Nil where the provider chooses.
    package var from: String?
    /// Whether the order has to wait for its turn: until then nobody is asked, and a claim that a crash leaves so is
    /// void.
    package var waits: Bool

    package init(
        idempotencyKey: String, fingerprint: String, call: CallID, source: SourceName, observed: Timestamp,
        to: String, from: String? = nil, waits: Bool = false
    ) {
        self.idempotencyKey = idempotencyKey
        self.fingerprint = fingerprint
        self.call = call
        self.source = source
        self.observed = observed
        self.to = to
        self.from = from
        self.waits = waits
    }
}

/// How the provider answered a placement.
package enum PlacementAnswer: Sendable, Hashable {
    /// Nobody was asked yet: the order waits for its turn.
    case waiting
    case accepted
    /// Nobody was asked: it made no sense to the provider.
    case unfit(String)
    case refused(status: Int?, text: String)
    /// Nobody was asked: no way there.
    case unreachable(String)
    case unknown
}
