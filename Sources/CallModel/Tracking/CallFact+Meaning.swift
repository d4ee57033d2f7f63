extension CallFact.Step {
    /// The id we gave the call.
    var given: CallID? {
        switch self {
        case .placed(let id), .followed(let id): id
        default: nil
        }
    }

    /// The agent whom a queue rings or connects, and his line, where it is named.
    var agentAndLine: (agent: String, line: String)? {
        switch self {
        case .agentOffered(let agent, let line), .agentBridged(let agent, let line),
            .agentFailed(let agent, let line, _, _), .agentUnbridged(let agent, let line, _):
            line.map { (agent, $0) }
        default: nil
        }
    }

    var isEnd: Bool {
        switch self {
        case .ended: true
        default: false
        }
    }

    var isAnswer: Bool {
        switch self {
        case .connected: true
        default: false
        }
    }

    /// Whether this may be the first thing a provider says of a call, so that a name which is kept for an old call's
    /// end alone is given anew by it. An answer may be: the beginning can be lost, or never be told.
    var mayBegin: Bool {
        switch self {
        case .initiated, .ringing, .queued, .connected: true
        default: false
        }
    }

    /// Whether this is the first thing a provider says of a call to or from a line: where it is what is heard first the
    /// call was seen from its beginning, and without ids it is of another call than the one it was said of before. An
    /// answer proves neither.
    var isBeginning: Bool {
        switch self {
        case .initiated, .ringing: true
        default: false
        }
    }
}

extension CallFact.Ending {
    /// Whether this says how the call ended where the other does not: `failed` is said of calls of which another
    /// interface knows that the line was busy.
    func isMoreSpecific(than other: Self?) -> Bool {
        guard let outcome else { return false }
        guard let known = other?.outcome else { return true }
        return known == .failed && [.busy, .rejected, .noAnswer, .blocked, .cancelled].contains(outcome)
    }

    /// Whether the provider says that the parties talked.
    var isConversation: Bool { outcome == .answered || outcome == .voicemail }
}
