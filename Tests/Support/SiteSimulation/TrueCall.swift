import CallModel

/// What really happened in one call, as seen from one of our lines or queues: the truth that the stream is held
/// against. Written from the providers' notes; knows nothing of trackers and decoders.
package struct TrueCall: Sendable {
    var source: SourceName
    /// How the stream can be recognised as speaking of this call.
    var identity: Identity
    var family: Family
    /// The truth first; others that say no more than could be known.
    var directions: [Direction]
    /// E.164; nil where the provider does not tell it.
    var remote: String?
    var outcome: Outcome
    /// From joining a queue to being served or leaving.
    var wait: Span?
    /// While the parties talked, where the provider tells both ends of it.
    var talk: Span?
    /// Calls of one story with the same group belong to one session by an id of the provider.
    var group: Int?
    /// Nothing but its parties names the call: whatever disturbs it may make two of it, or one of two.
    var isNameless = false
    /// It rings for longer than a call may without news.
    var ringsLong = false
    /// It takes a call over: nobody is rung for it.
    var takesOver = false
    /// The stream cannot know that this call was answered elsewhere until queue stay and line are linked.
    var needsQueueLink = false

    enum Identity: Sendable {
        /// The provider's id of the call; the line where two lines may share it.
        case call(String, line: String?)
        /// Several calls in a row have the provider's id: which of them, from 0.
        case turn(String, Int)
        case dialog(String, line: String?)
        /// The id that we gave a call we placed.
        case asked(String)
        case parties(remote: String, line: String)
    }

    /// What the notes of a provider let one conclude from what arrived.
    enum Family: Sendable {
        /// An end is told, and an answer is told; an end without an answer means that there was none.
        case line
        /// The ringing of OVH lines: its stop, and nothing after it, is an end too.
        case ovhLine
        case queue
        /// Every report of an end says how it ended.
        case reported
        /// States are sampled; an end without a reason means nothing.
        case sampled
    }
}

/// What one delivery says about one call.
enum Meaning: Sendable, Equatable {
    case began, rang, ringingStopped
    /// The parties talk.
    case answered
    /// Says it only by the way: a hold, the end of a hold.
    case talking
    /// Another dialogue took this one's place.
    case takenOver
    /// The provider's word for the end; `Outcome` where it says how.
    case ended(Outcome?)
    case transferred
    case hangUpAsked
    case offered, offerFailed, bridged, takenBack, bridgeOver
    /// By the way, of the telephone of an agent: a queue rings it.
    case named
    /// One report about a message, named.
    case message(String)
}
