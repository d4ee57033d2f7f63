/// One thing a provider said, in our words. Decoders make facts; `CallTracker` makes events of them.
package struct Fact: Sendable, Hashable {
    package var id: FactID
    package var source: SourceName
    /// When the delivery that it came with arrived.
    package var observed: Timestamp
    /// When it happened by the provider's clock; nil where the provider does not say or cannot be believed.
    package var time: Timestamp?
    package var words: ProviderWords
    package var content: Content

    /// What the fact is about.
    package enum Content: Sendable, Hashable {
        case call(CallFact)
        /// The number of callers waiting in a queue.
        case queueCount(queue: String, waiting: Int)
        /// A device of ours renewed its registration.
        case lineRegistered(line: String)
        /// A text, mail, fax or push message: never a call.
        case message(MessageReport)
        /// Something that came from the provider and was not understood.
        case unparsed(UnparsedInput)
        case health(SourceReport)
    }

    package init(
        id: FactID, source: SourceName, observed: Timestamp, time: Timestamp? = nil,
        words: ProviderWords = ProviderWords(), content: Content
    ) {
        self.id = id
        self.source = source
        self.observed = observed
        self.time = time
        self.words = words
        self.content = content
    }
}

/// Input that was kept raw because nothing could be made of it.
package struct UnparsedInput: Sendable, Hashable {
    /// The kind of surprise, few and fixed: `unknown event`, `not JSON`. The stream is told once per kind.
    package var kind: String
    /// What exactly: the unknown word, the missing field. Never a secret.
    package var detail: String

    package init(kind: String, detail: String) {
        self.kind = kind
        self.detail = detail
    }
}

/// A change in the health of a source.
package struct SourceReport: Sendable, Hashable {
    /// The raw values end the types of the stream: `source.up` and so on.
    package enum Change: String, Sendable, Codable {
        case up, down, degraded, gap
    }

    package var change: Change
    /// For a person: what happened and what it means.
    package var reason: String
    /// The stretch of time in which events may have been lost.
    package var from: Timestamp?
    /// Nil for a source that is down: nothing is heard yet.
    package var to: Timestamp?

    package init(change: Change, reason: String, from: Timestamp? = nil, to: Timestamp? = nil) {
        self.change = change
        self.reason = reason
        self.from = from
        self.to = to
    }
}
