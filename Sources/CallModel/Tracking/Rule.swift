/// A rule of the tracker that had a say in what became of a call. The raw values are stable: `ctibridge explain` and
/// the API show them.
package enum Rule: String, Sendable, CaseIterable {
    case opened
    case matchedByRequest = "matched_by_request"
    case matchedByID = "matched_by_id"
    case matchedByParties = "matched_by_parties"
    case matchedPlacement = "matched_placement"
    case duplicate
    case repeated
    case reached
    case notForward = "not_forward"
    case late
    case hangUpPending = "hang_up_pending"
    case hangUpRequested = "hang_up_requested"
    case heldBefore = "held_before"
    case transferred
    case ringingStopped = "ringing_stopped"
    case dialogueEnded = "dialogue_ended"
    case conversationInferred = "conversation_inferred"
    case agentOffered = "agent_offered"
    case agentFailed = "agent_failed"
    case bridgeTakenBack = "bridge_taken_back"
    case bridgeEnded = "bridge_ended"
    case cameBack = "came_back"
    case finished
    case corrected
    case tookOver = "took_over"
    case replaced
    case answeredBeforeTakeover = "answered_before_takeover"
    case linkedWithQueue = "linked_with_queue"
    case madeInternal = "made_internal"
    case timeDropped = "time_dropped"
    case updated
    case nothingNew = "nothing_new"
    case deadlineConference = "deadline_conference"
    case deadlineLost = "deadline_lost"
    case deadlineSilent = "deadline_silent"
    case deadlineUnbridged = "deadline_unbridged"
    case deadlineReplaced = "deadline_replaced"
    case settled

    /// What the rule is, for a person.
    package var sentence: String {
        switch self {
        case .opened: "no call that this could be about is known, so a new one begins"
        case .matchedByRequest: "the answer to a request of ours: the call has the id we gave to whoever asked"
        case .matchedByID: "the provider's id names this call"
        case .matchedByParties: "no id was given: this is the call of these parties on this line"
        case .matchedPlacement: "the two numbers are those of a call that we placed a moment ago"
        case .duplicate: "the very same was said before, so it is dropped"
        case .repeated: "the same word for the same call within the source's window is a repetition, so it is dropped"
        case .reached: "a state further on: the call moves forward, and states in between are not invented"
        case .notForward: "a state the call has left behind: it stays where it is, and only what was unknown is added"
        case .late: "the call has ended: late news adds to it and never re-opens it"
        case .hangUpPending: "we asked for the end and the provider agreed: other words until then move nothing"
        case .hangUpRequested: "the provider agreed to end the call: without an answer it counts as cancelled"
        case .heldBefore: "hold and resume alternate, and by the provider's clock this one came before the last"
        case .transferred: "the call goes on with another party"
        case .ringingStopped: "this ends the ringing; it ends the call only if nothing follows within the settle window"
        case .dialogueEnded: "one dialogue of the call is over and another goes on, and so does the call"
        case .conversationInferred:
            "released well after its ringing stopped, or after it took a call over: the parties talked, the answer was not seen"
        case .agentOffered: "an agent is being rung: a leg of the call, the caller still waits"
        case .agentFailed: "one agent could not be had: this ends a leg and never the caller's stay"
        case .bridgeTakenBack:
            "a bridge is told before it is tried, and this one never came to be: the caller waits again"
        case .bridgeEnded:
            "the bridge to the agent is over; the call ends unless something follows within the settle window"
        case .cameBack: "the caller came back to the queue: whatever was known of him before is another, earlier stay"
        case .finished: "the end is known: told at once, and summed up after the settle window"
        case .corrected: "what readers were told is no longer what is known, so it is corrected"
        case .tookOver: "this call names the dialogue of another one and takes it over"
        case .replaced: "another call took this one's dialogue over"
        case .answeredBeforeTakeover: "it was answered before it was taken over: a transfer, and no pick-up"
        case .linkedWithQueue:
            "a line call and a stay in a queue of the same caller at the same time: concluded to belong together"
        case .timeDropped: "the provider's time cannot be true, and is left out as if none had been told"
        case .madeInternal: "both ends are lines of ours"
        case .updated: "moves nothing, and adds something that was not known"
        case .nothingNew: "says nothing that was not known"
        case .deadlineConference: "the conference that the call is part of is over, and the call with it"
        case .deadlineLost: "no news within the longest time this state may last: the end counts as lost"
        case .deadlineSilent: "nothing followed the end of the ringing within the settle window"
        case .deadlineUnbridged: "nothing followed the end of the bridge within the settle window"
        case .deadlineReplaced:
            "another call took its dialogue over and was answered; its own end did not follow within the settle window"
        case .settled: "the settle window is over: the one summary of the call"
        }
    }
}
