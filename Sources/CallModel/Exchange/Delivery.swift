/// What one poll reply or one webhook brought: the raw bytes, secrets removed, and when they came.
///
/// Kept before it is understood. Decoding it again, years later, gives the same facts.
package struct Delivery: Sendable, Hashable {
    package var source: SourceName
    /// When it arrived, by the clock of the host. The tracker's time: replaying it with this makes the same events.
    package var observed: Timestamp
    /// Which conversation with the provider this belongs to; the decoder of the provider gives it meaning.
    package var kind: Kind
    package var body: [UInt8]
    /// What is not in the body but needed to read it: the query of a webhook, the status of a reply, the id of the
    /// call that was asked about. Never a secret.
    package var attributes: [String: String]

    package enum Kind: String, Sendable, Codable {
        /// The reply to a long poll.
        case poll
        /// The reply to a question about one call.
        case status
        /// A request a provider made to us.
        case webhook
        /// The end of our request to place a call: a reply, or the failure to get one.
        case placement
        /// Our request to hang up was accepted.
        case hangup
        /// What the bridge itself found out about the source: up, down, gap.
        case health
    }

    package init(
        source: SourceName, observed: Timestamp, kind: Kind, body: [UInt8] = [], attributes: [String: String] = [:]
    ) {
        self.source = source
        self.observed = observed
        self.kind = kind
        self.body = body
        self.attributes = attributes
    }

    /// Brings nothing but the cursor that it is submitted with. Not kept.
    package static func carrier(of source: SourceName, observed: Timestamp) -> Delivery {
        Delivery(source: source, observed: observed, kind: .poll)
    }

    /// Whether it is a `carrier`, which a batch neither keeps nor decodes.
    package var isCarrier: Bool { kind == .poll && body.isEmpty }
}

/// Where a poller goes on after a restart; stored in the transaction of the events it brought.
package struct PollCursor: Sendable, Hashable {
    /// Tells the cursors of one source apart, where it has several (one a token). Never a secret.
    package var slot: String
    /// Empty where there is nothing to go on from. Nil in one that is to be stored: it stays what it was.
    package var value: String?
    /// What the next run has to know where nothing more is heard in this one; nil while all is heard.
    package var memory: PollMemory?
    /// When the delivery that it was stored with came; nil in one that is to be stored.
    package var arrived: Timestamp?
    /// In one that is to be stored: nothing goes on here any more.
    package var isForgotten = false

    package init(slot: String, value: String?, memory: PollMemory? = nil, arrived: Timestamp? = nil) {
        self.slot = slot
        self.value = value
        self.memory = memory
        self.arrived = arrived
    }

    /// To be submitted for a slot in whose place another is: the stored cursor is removed in the same transaction.
    package static func forgotten(_ slot: String) -> PollCursor {
        var cursor = PollCursor(slot: slot, value: nil)
        cursor.isForgotten = true
        return cursor
    }
}
