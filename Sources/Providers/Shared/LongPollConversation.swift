package import CallModel

/// A provider's long-poll protocol as a pure value: asked for the next request, told what came back.
package protocol LongPollConversation: Sendable {
    /// Names the cursor of this conversation among those of its source.
    var slot: String { get }

    func nextRequest() -> HTTPRequest

    /// - Parameter elapsed: how long the reply took.
    mutating func received(_ result: Result<HTTPReply, HTTPFailure>, elapsed: Span) -> LongPollVerdict
}

/// What a reply means for the poller.
package enum LongPollVerdict: Sendable, Equatable {
    /// The body holds events. The cursor is to be stored with them.
    case delivered(cursor: PollCursor?)
    /// Nothing happened. The cursor may have moved all the same.
    case idle(cursor: PollCursor?)
    /// A step towards polling went well.
    case prepared
    case degraded(String)
    /// Events may have been lost; the conversation starts over.
    case sessionLost(String)
    /// A reply came that nobody can read: it is kept as it is, and what was in it may be lost.
    case unreadable(String)
    /// - Parameter refused: the provider says no to us, not to the moment.
    case failed(String, refused: Bool = false, retryAfter: Span? = nil)
}
