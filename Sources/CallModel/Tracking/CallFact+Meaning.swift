extension CallFact.Step {
    /// The id we gave the call.
    var given: CallID? {
        switch self {
        case .placed(let id), .followed(let id): id
        default: nil
        }
    }

    var isEnd: Bool {
        switch self {
        case .ended: true
        default: false
        }
    }

    /// Whether this is the first thing a provider says of a call.
    var isBeginning: Bool {
        switch self {
        case .initiated, .ringing: true
        default: false
        }
    }
}

extension CallFact.Ending {
    /// Whether the provider says that the parties talked.
    var isConversation: Bool { outcome == .answered || outcome == .voicemail }
}
