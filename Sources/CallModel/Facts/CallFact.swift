/// What a provider said about one call.
package struct CallFact: Sendable, Hashable {
    package var reference: Reference
    package var step: Step
    /// The id we gave to whoever asked for the call, where this is about a call we asked for.
    package var asked: CallID?
    /// As our line sees it; `unknown` where this word does not tell, which leaves what is known as it is.
    package var direction: Direction
    /// What the provider must be told to ask about the call or to end it; nil where it is told nothing. Other than its
    /// names, which may come from an interface that takes no orders.
    package var handle: String?
    package var remote: Party?
    package var local: Party?
    /// Ties calls together, already scoped to provider and source.
    package var session: String?
    /// The dialogue that other calls name when they take this one over.
    package var dialog: CallKey?
    /// The dialogue this call takes over: a pick-up or an attended transfer.
    package var replaces: CallKey?
    package var dialed: Party?
    /// Whose call was sent on to us (Keyyo `_REDIRECTING_NUMBER_`).
    package var divertedBy: Party?
    package var queue: QueueStay?
    /// When a queue stay began by the provider's clock, where a later event repeats it.
    package var joined: Timestamp?
    /// When the call was answered by the provider's clock, where a later event repeats it.
    package var answered: Timestamp?
    /// When the parties separated by the provider's clock, where it differs from the time of the event.
    package var released: Timestamp?
    /// Where neither an id nor a time tells a repetition from the next call: the same word for the same
    /// call within this time is a repetition.
    package var repeatsWithin: Span?
    /// Who or what took the call, where an event other than the connection tells.
    package var answeredBy: AnsweredBy?
    /// The telephones of ours that this event speaks of, known by their lines. One that is connected ends the ringing
    /// of the others.
    package var legs: [Leg] = []
    /// The sender's own reference of a call that a platform placed, and the mailing it belongs to.
    package var senderReference: String?
    package var campaign: MessageReport.Campaign?
    /// How long the parties talked, where the provider tells that and no times.
    package var talked: Span?
    /// In what time the conference ends that the call is part of, and the call with it.
    package var lasts: Span?
    /// The call may be one we placed, which the provider names otherwise here: it is looked for by its two numbers.
    package var mayBePlaced = false
    /// The call may be the ringing of our own telephone for a call we placed: a platform that calls it first may tell
    /// of that as of a call that comes in.
    package var mayBeFirstLeg = false
    /// The provider may end a call for one telephone that goes on at another: an answer dated after the end is one.
    package var isAnswerAfterEnd = false
    /// Other numbers of ours, in E.164, that the telephones of a call we placed may show.
    package var shownNumbers: [String] = []
    /// The caller had left the queue and came back: another stay, which the provider names like the one before.
    package var isReturn = false
    /// By what else our line is known to the provider: its short number, its account. Tells it from another line with
    /// which the same number is being called.
    package var lineNames: [String] = []
    /// Why this is less than the provider's plain word: an inference already made by the decoder.
    package var inference: String?

    package init(
        reference: Reference, step: Step, direction: Direction = .unknown, remote: Party? = nil,
        local: Party? = nil, session: String? = nil
    ) {
        self.reference = reference
        self.step = step
        self.direction = direction
        self.remote = remote
        self.local = local
        self.session = session
    }

    /// How the provider names the call.
    package enum Reference: Sendable, Hashable {
        /// By ids; any one of them names the call.
        case keys([CallKey])
        /// By nothing but its parties: at most one open call can be meant. A nil party matches any.
        case parties(line: String, caller: String?, callee: String?)
    }

    /// What happened to the call or to one leg of it. A decoder's words are mapped to these, and to nothing else.
    package enum Step: Sendable, Hashable {
        /// We asked for this call; it gets the id we gave to whoever asked.
        case placed(CallID)
        /// Somebody else asked for this call, and we follow it from here on. Nothing is known of its state yet.
        case followed(CallID)
        case initiated
        case queued
        case ringing
        /// This line no longer rings. Ends the call only if nothing follows (OVH `end_ringing`).
        case ringingStopped
        case connected(AnsweredBy?)
        case held
        case resumed
        case ended(Ending)
        /// An agent's phone rings for a queued caller.
        case agentOffered(agent: String, line: String?)
        /// One agent could not be had: ends the leg, never the call.
        case agentFailed(agent: String, line: String? = nil, outcome: Outcome, cause: Cause)
        /// A queued caller is being connected to an agent; may be taken back.
        case agentBridged(agent: String, line: String?)
        /// The bridge to the agent is over; `bridged` false: it never came to be.
        case agentUnbridged(agent: String, line: String? = nil, bridged: Bool)
        /// The call goes on with another party. `leavesUs`: no line of ours is in it any longer.
        case transferred(Transfer, leavesUs: Bool)
        /// We asked the provider to end this call, and it agreed.
        case hangUpRequested
        /// A word without a meaning for the state. Passed on.
        case remark
    }

    /// How a call ended, as far as the provider says.
    package struct Ending: Sendable, Hashable, Codable {
        /// Nil where the provider does not say how it ended.
        package var outcome: Outcome?
        package var cause: Cause?
        package var unanswered: Unanswered

        /// What an end without a connection means where the provider gives no reason.
        package enum Unanswered: String, Sendable, Hashable, Codable {
            /// `missed` for an inbound call, `no_answer` for any other: connections are always reported.
            case byDirection
            /// Connections can go unseen between two polls: nothing can be said.
            case unknown
        }

        package init(outcome: Outcome? = nil, cause: Cause? = nil, unanswered: Unanswered = .byDirection) {
            self.outcome = outcome
            self.cause = cause
            self.unanswered = unanswered
        }
    }
}
