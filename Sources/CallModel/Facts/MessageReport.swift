/// What a provider said about a text, mail, fax or push message. Never a call, whatever the provider's word for it.
package struct MessageReport: Sendable, Hashable {
    /// Names the message in the stream; made from the provider's own name of it, so that all reports of one message
    /// have one subject.
    package var message: String
    /// What the message was sent by. A word of the provider's that we do not know is kept as it is.
    package var medium: String
    package var kind: Kind
    /// Whom the message went to, or who wrote. Of a notification `raw` is the push token.
    package var remote: Party?
    package var local: Party?
    /// Why it will not arrive; only where it failed.
    package var cause: Cause?
    /// The sender's own reference, and the mailing the message belongs to.
    package var reference: String?
    package var campaign: Campaign?
    /// Bytes of an MMS or mail.
    package var size: Int64?
    /// Pages of a fax.
    package var pages: Int64?
    /// How long the transmission took.
    package var duration: Span?
    /// Where nothing but its words tells a repetition from the next message, and a source wants repetitions dropped.
    package var repetition: Repetition?

    /// What makes two messages the same within a time.
    package struct Repetition: Sendable, Hashable {
        /// A digest of all that can be compared, with the source in it.
        package var key: String
        /// Counted from the first of them.
        package var window: Span

        package init(key: String, window: Span) {
            self.key = key
            self.window = window
        }
    }

    /// Which way the message went, and what is told of it.
    package enum Kind: Sendable, Hashable {
        /// How far a message of ours has come.
        case status(Status)
        /// Somebody wrote to us. `replyTo` names the message of ours that is answered.
        case received(text: String?, keyword: String?, replyTo: String?)
    }

    /// How far a message has come. The raw values are those of the stream.
    package enum Status: String, Sendable, Codable, CaseIterable {
        /// Taken by the platform.
        case accepted
        /// A document was made ready for sending.
        case converted
        /// Handed to the network.
        case sent
        /// The other side has it.
        case delivered
        /// The other side opened it.
        case opened
        /// It will not arrive.
        case failed
        /// A word that we do not know; it is in `provider.event`.
        case unknown
    }

    /// The names under which a platform groups messages.
    package struct Campaign: Sendable, Hashable, Codable {
        /// One sending of a text to many, by the platform's name of it.
        package var broadcast: String?
        /// Whom it was sent to, by the platform's name of him.
        package var contact: String?
        package var space: String?

        package init(broadcast: String? = nil, contact: String? = nil, space: String? = nil) {
            self.broadcast = broadcast
            self.contact = contact
            self.space = space
        }
    }

    package init(message: String, medium: String, kind: Kind, remote: Party? = nil, local: Party? = nil) {
        self.message = message
        self.medium = medium
        self.kind = kind
        self.remote = remote
        self.local = local
    }
}
