import CallModel

extension CallFact.Step {
    /// Stable; readers of explanations know it.
    var name: String {
        switch self {
        case .placed: "placed"
        case .followed: "followed"
        case .initiated: "initiated"
        case .queued: "queued"
        case .ringing: "ringing"
        case .ringingStopped: "ringing_stopped"
        case .connected: "connected"
        case .held: "held"
        case .resumed: "resumed"
        case .ended: "ended"
        case .agentOffered: "agent_offered"
        case .agentFailed: "agent_failed"
        case .agentBridged: "agent_bridged"
        case .agentUnbridged: "agent_unbridged"
        case .transferred: "transferred"
        case .hangUpRequested: "hang_up_requested"
        case .remark: "remark"
        }
    }
}
