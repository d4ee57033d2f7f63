/// What the stream says, before it has a place in the journal.
package struct EventDraft: Sendable, Hashable {
    package var id: EventID
    package var source: SourceName
    package var type: EventType
    package var subject: String
    package var time: Timestamp?
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
    package var queue: String?
    package var agent: String
    package var remote: Party?
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
    package var state: CallState
    /// Not heard of since the daemon started again.
    package var isStale = false
    package var direction: Direction
    package var remote: Party?
    package var local: Party?
    package var session: String?
    package var legs: [Leg] = []
    package var dialed: Party?
    package var divertedBy: Party?
    package var answeredBy: AnsweredBy?
    package var queue: QueueStay?
    package var transfer: Transfer?
    package var reference: String?
    package var campaign: MessageReport.Campaign?
    package var times = CallTimes()
    package var ring: Span?
    package var talk: Span?
    package var wait: Span?
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
