/// Which fields each queue event carries.
///
/// OVH renames FreeSWITCH's call-centre headers (guide); which event has which is FreeSWITCH's `mod_callcenter`. All
/// values are strings, counts and times included.
extension OVHQueueEvent {
    func memberFields(_ member: inout ScenarioRun.QueueMember, now: Int64) -> [JSONMember] {
        var fields: [JSONMember] = []
        if let calling {
            let national = Self.national(calling)
            fields.append(JSONMember("Calling", calling))
            fields.append(JSONMember("QueueMemberCIDName", Self.international(calling)))
            fields.append(JSONMember("QueueMemberCIDNumber", national))
        }
        fields.append(JSONMember("QueueMemberUUID", member.id))
        fields.append(JSONMember("QueueMemberSessionUUID", member.session))
        switch event {
        case "member-queue-start", "member-queue-resume":
            member.joined = now
        case "agent-offering":
            fields += agentFields()
            fields.append(JSONMember("QueueMemberDNIS", queue))
            update(&member) { $0.called = now }
        case "bridge-agent-start":
            update(&member) { ($0.called, $0.answered) = ($0.called ?? now, now) }
            member.served = agent
            fields += agentFields() + served(member)
            fields.append(JSONMember("QueueMemberDNIS", queue))
        case "bridge-agent-fail", "bridge-agent-failed":
            fields.append(JSONMember("QueueHangupCause", hangupCause ?? "NO_ANSWER"))
            fields += agentFields()
            fields += Self.time("QueueAgentCalledTime", agent.flatMap { member.agents[$0]?.called } ?? now)
            fields += Self.time("QueueAgentAbortedTime", now)
            fields += Self.time("QueueMemberJoinedTime", member.joined)
        case "bridge-agent-end":
            fields.append(JSONMember("QueueHangupCause", hangupCause ?? "SUCCESS"))
            fields += agentFields() + served(member)
            fields += Self.time("QueueBridgeTerminatedTime", now)
        case "member-queue-end":
            fields += end(member, now: now)
        default:
            fields += agentFields()
        }
        if let bridged { fields.append(JSONMember("QueueAgentBridged", bridged ? "true" : "false")) }
        return fields
    }

    /// `Terminated` names the agent and the hang-up cause, `Cancel` only the reason and two times.
    private func end(_ member: ScenarioRun.QueueMember, now: Int64) -> [JSONMember] {
        let cause = cause ?? (cancelReason == nil && member.served != nil ? "Terminated" : "Cancel")
        var fields = [JSONMember("QueueCause", cause)]
        if cause == "Cancel" {
            fields.append(JSONMember("QueueCancelReason", cancelReason ?? "NONE"))
            fields += Self.time("QueueMemberJoinedTime", member.joined)
        } else {
            fields.append(JSONMember("QueueHangupCause", hangupCause ?? "SUCCESS"))
            if let agent = agent ?? member.served {
                fields.append(JSONMember("Agent", agent))
                fields.append(JSONMember("QueueAgent", "agent_\(agent)_\(agentID)"))
            }
            fields += served(member)
        }
        return fields + Self.time("QueueMemberLeavingTime", now)
    }

    private func agentFields() -> [JSONMember] {
        guard let agent else { return [] }
        return [
            JSONMember("Agent", agent), JSONMember("QueueAgent", "agent_\(agent)_\(agentID)"),
            JSONMember("QueueAgentSystem", "single_box"),
        ]
    }

    /// The bridge's id and times.
    private func served(_ member: ScenarioRun.QueueMember) -> [JSONMember] {
        var fields: [JSONMember] = []
        if let known = (agent ?? member.served).flatMap({ member.agents[$0] }) {
            fields.append(JSONMember("QueueAgentUUID", known.id))
            fields += Self.time("QueueAgentCalledTime", known.called)
            fields += Self.time("QueueAgentAnsweredTime", known.answered)
        }
        return fields + Self.time("QueueMemberJoinedTime", member.joined)
    }

    private func update(_ member: inout ScenarioRun.QueueMember, _ change: (inout ScenarioRun.QueueAgent) -> Void) {
        guard let agent else { return }
        change(&member.agents[agent, default: ScenarioRun.QueueAgent()])
    }

    private static func time(_ name: String, _ seconds: Int64?) -> [JSONMember] {
        seconds.map { [JSONMember(name, String($0))] } ?? []
    }

    /// One event shows its caller in three notations: `0033…`, `+33…` and `0…` (seen by public clients).
    private static func international(_ number: String) -> String {
        number.hasPrefix("00") ? "+" + number.dropFirst(2) : number
    }

    private static func national(_ number: String) -> String {
        number.hasPrefix("0033") ? "0" + number.dropFirst(4) : number
    }
}
