package import CallModel

/// A provider's long-poll protocol as a pure value: asked for the next request, told what came back.
package protocol LongPollConversation: Sendable {
    /// Names the cursor of this conversation among those of its source.
    var slot: String { get }

    /// Whether what is waiting for us is given away with the reply to the next request, or with the session it belongs
    /// to: then it is lost where this conversation ends before the reply is durable.
    var losesWhatIsCut: Bool { get }

    func nextRequest() -> HTTPRequest

    /// - Parameter elapsed: how long the reply took.
    mutating func received(_ result: Result<HTTPReply, HTTPFailure>, elapsed: Span) -> LongPollVerdict
}

/// What a reply means for the poller.
package enum LongPollVerdict: Sendable, Equatable {
    /// The body holds events. The cursor is to be stored with them.
    case delivered(cursor: PollCursor?)
    /// Nothing happened. The cursor may have moved all the same.
    /// - Parameter isNeeded: the next request may be sent only when the cursor is stored. Otherwise it says no more
    ///   than until when this conversation heard everything.
    case idle(cursor: PollCursor?, isNeeded: Bool = true)
    /// A step towards polling went well.
    case prepared
    case degraded(String)
    /// Events may have been lost; the conversation starts over.
    case sessionLost(String)
    /// A reply came that nobody can read, or only half of one: what came is kept as it is, and what was in it may be
    /// lost.
    case unreadable(String)
    /// - Parameter refused: the provider says no to us, not to the moment.
    case failed(String, refused: Bool = false, retryAfter: Span? = nil)
}
