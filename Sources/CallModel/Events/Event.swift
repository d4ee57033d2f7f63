/// What the stream says, before it has a place in the journal.
package struct EventDraft: Sendable, Hashable {
    /// Made from the fact's id and what of it is told, so that a repeated poll or a replay makes the same again.
    package var id: EventID
    package var source: SourceName
    /// A conclusion has the source of the call it is about.
    package var type: EventType
    package var subject: String
    /// By the provider's clock; nil where the provider does not say when, or cannot be believed.
    package var time: Timestamp?
    /// When the fact was received; of a conclusion, when it was due.
    package var observed: Timestamp
    package var data: EventData

    package init(
        id: EventID, source: SourceName, type: EventType, subject: String, time: Timestamp?, observed: Timestamp,
        data: EventData
    ) {
        self.id = id
        self.source = source
        self.type = type
        self.subject = subject
        self.time = time
        self.observed = observed
        self.data = data
    }
}

/// A draft that is durable: it has its place, and readers may see it.
package struct Event: Sendable, Hashable {
    /// Given by the commit: `seq` counts one by one.
    package var cursor: Cursor
    package var draft: EventDraft

    package init(cursor: Cursor, draft: EventDraft) {
        self.cursor = cursor
        self.draft = draft
    }
}

/// The types of durable events. See `docs/events.md`, Types.
package enum EventType: String, Sendable, Codable, CaseIterable {
    case callInitiated = "call.initiated"
    case callQueued = "call.queued"
    case callRinging = "call.ringing"
    case callConnected = "call.connected"
    case callHeld = "call.held"
    case callResumed = "call.resumed"
    case callTransferred = "call.transferred"
    case callUpdated = "call.updated"
    case callEnded = "call.ended"
    case callSummary = "call.summary"
    case callCorrected = "call.corrected"
    case queueCount = "queue.count"
    case queueOffered = "queue.offered"
    case queueOfferFailed = "queue.offer_failed"
    case messageStatus = "message.status"
    case messageReceived = "message.received"
    case lineRegistered = "line.registered"
    case sourceUp = "source.up"
    case sourceDown = "source.down"
    case sourceDegraded = "source.degraded"
    case sourceGap = "source.gap"
    case sourceUnparsed = "source.unparsed"
}

/// `data` of an event by its family, as `EventEncoder` writes it.
package enum EventData: Sendable, Hashable {
    case call(CallData)
    case queueCount(queue: String, waiting: Int, words: ProviderWords)
    case queueOffer(QueueOffer)
    case message(MessageReport, words: ProviderWords)
    case line(line: String, words: ProviderWords)
    case source(SourceReport)
    case unparsed(UnparsedInput, count: Int)
}

/// `data` of a `queue.offered` or `queue.offer_failed`.
package struct QueueOffer: Sendable, Hashable {
    /// Absent where the offer is about a caller never seen.
    package var call: CallID?
    /// The queue's name; nil where the provider does not say which queue offers.
    package var queue: String?
    package var agent: String
    /// The caller.
    package var remote: Party?
    /// How the agent's leg came out; only on `queue.offer_failed`.
    package var outcome: Outcome?
    package var cause: Cause?
    package var words: ProviderWords

    package init(
        call: CallID?, queue: String?, agent: String, remote: Party?, outcome: Outcome? = nil, cause: Cause? = nil,
        words: ProviderWords
    ) {
        self.call = call
        self.queue = queue
        self.agent = agent
        self.remote = remote
        self.outcome = outcome
        self.cause = cause
        self.words = words
    }
}

/// `data` of a call event, in the order of the table in `docs/events.md`.
package struct CallData: Sendable, Hashable {
    /// Where the call is after this event, in the terms of CSTA.
    package var state: CallState
    /// Not heard of since the daemon started again.
    package var isStale = false
    package var direction: Direction
    /// Who is at the other end, whatever the direction. Nil where nothing is known of him; a hidden caller is a party
    /// without a number.
    package var remote: Party?
    /// Our side: the line, or whoever has the call now within the house.
    package var local: Party?
    /// The same for calls that belong together. Nil where the call belongs to no other.
    package var session: String?
    package var legs: [Leg] = []
    /// What the caller dialled, where the provider tells it beside the line that rings (OVH `Dialed`).
    package var dialed: Party?
    /// Whose call was sent on to us (Keyyo `_REDIRECTING_NUMBER_`).
    package var divertedBy: Party?
    /// Nil where the provider does not tell who or what took the call.
    package var answeredBy: AnsweredBy?
    package var queue: QueueStay?
    /// The last one: a later transfer takes the place of the one before.
    package var transfer: Transfer?
    /// The sender's own reference of a call that a platform placed (SFR DMC).
    package var reference: String?
    package var campaign: MessageReport.Campaign?
    package var times = CallTimes()
    /// From the ringing to the answer or the end. This and the next two only on the events that tell the end; both
    /// ends by one clock, and nil where that ran backwards.
    package var ring: Span?
    /// From the answer to the end. Nil where the provider gives both one and the same time.
    package var talk: Span?
    /// From joining the queue to the answer or the end.
    package var wait: Span?
    /// Only on `call.ended`, where it is provisional, `call.summary` and `call.corrected`.
    package var outcome: Outcome?
    package var cause: Cause?
    package var basis: Basis
    /// The event that this one puts right; only on `call.corrected`.
    package var corrects: EventID?
    package var provider: ProviderWords

    package init(state: CallState, direction: Direction, basis: Basis, provider: ProviderWords) {
        self.state = state
        self.direction = direction
        self.basis = basis
        self.provider = provider
    }
}

/// Only those known; by the provider's clock where it told, else by ours.
package struct CallTimes: Sendable, Hashable {
    package var started: Timestamp?
    package var ringing: Timestamp?
    package var connected: Timestamp?
    package var ended: Timestamp?

    package init(
        started: Timestamp? = nil, ringing: Timestamp? = nil, connected: Timestamp? = nil, ended: Timestamp? = nil
    ) {
        self.started = started
        self.ringing = ringing
        self.connected = connected
        self.ended = ended
    }
}
