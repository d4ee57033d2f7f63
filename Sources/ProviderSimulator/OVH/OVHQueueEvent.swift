/// An event of an OVH queue as a scenario describes it.
package struct OVHQueueEvent: Sendable, Equatable {
    package let token: String?
    package let event: String
    package let queue: String
    package let calling: String?
    /// Label of one stay in the queue.
    package let member: String?
    /// The agent's number.
    package let agent: String?
    let agentID: String
    let hangupCause: String?
    let cancelReason: String?
    let cause: String?
    let bridged: Bool?
    let count: Int?
    let data: [JSONMember]
    let details: [JSONMember]

    init(_ value: JSONValue) throws(ScenarioFault) {
        var fields = try FieldReader(value, in: "\"ovh\"")
        token = try fields.text("token")
        event = try fields.requiredText("event")
        queue = try fields.requiredText("queue")
        calling = try fields.text("calling")
        member = try fields.text("member")
        agent = try fields.text("agent")
        agentID = try fields.text("agent_id") ?? "123"
        hangupCause = try fields.text("hangup_cause")
        cancelReason = try fields.text("cancel_reason")
        cause = try fields.text("cause")
        bridged = try fields.flag("bridged")
        count = try fields.whole("count", in: 0...1_000_000)
        data = try fields.object("data")
        details = try fields.object("details")
        try fields.refuseUnknown()
        if Self.isCount(event) {
            guard count != nil else { throw ScenarioFault("\"\(event)\" needs \"count\"") }
        } else {
            guard member != nil else { throw ScenarioFault("\"\(event)\" needs \"member\", the label of the stay") }
        }
        if event == "agent-offering" || event.hasPrefix("bridge-agent") {
            guard agent != nil else { throw ScenarioFault("\"\(event)\" needs \"agent\", the agent's number") }
        }
    }

    /// The guide writes `member-count`, FreeSWITCH `members-count`.
    static func isCount(_ event: String) -> Bool {
        event == "members-count" || event == "member-count"
    }

    func stamped(_ now: WallTime, in run: ScenarioRun) -> OVHEvent {
        var data = [JSONMember("Action", event), JSONMember("Protocol", "sip"), JSONMember("Queue", queue)]
        if let count { data.append(JSONMember("Count", String(count))) }
        if Self.isCount(event) { data.append(JSONMember("QueueSelection", "Single-Queue")) }
        if let member {
            data += run.member(member) { memberFields(&$0, now: now.seconds) }
        }
        data.append(JSONMember("Ts", String(now.seconds)))
        data.overlay(self.data)
        var details = OVHDetails.queue
        details.overlay(self.details)
        return OVHEvent(
            name: event, service: "queues", ressource: queue, published: now, dataV1: data, dataV2: data,
            details: details
        )
    }
}
