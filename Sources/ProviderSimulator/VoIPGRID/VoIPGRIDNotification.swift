/// A call notification as a scenario describes it, or as a click-to-dial call brings it about.
///
/// Moments: created (incoming only), ringing (may repeat), in-progress, warm transfer, cold transfer, ended. The words
/// of the last four are in no document; the simulator writes `in-progress`, `warm-transfer`, `cold-transfer`, `ended`.
package struct VoIPGRIDNotification: Sendable, Equatable {
    /// The word in `status`, known or not.
    package let event: String
    /// Label, turned into a fresh `call_id` by each run.
    let call: String
    /// A `call_id` sent as it is.
    let callID: String?
    let direction: String
    let caller: VoIPGRIDParty
    package let destination: VoIPGRIDParty
    /// Nil leaves the field out, as the sample of a new call does.
    let reason: String?
    let shape: VoIPGRIDShape?
    /// Sent that often.
    package let times: Int
    /// Put over the whole body.
    let data: [JSONMember]

    init(event: String, callID: String, caller: VoIPGRIDParty, destination: VoIPGRIDParty) {
        self.event = event
        self.callID = callID
        self.caller = caller
        self.destination = destination
        call = ""
        direction = "outbound"
        reason = ""
        shape = nil
        times = 1
        data = []
    }

    init(_ value: JSONValue) throws(ScenarioFault) {
        var fields = try FieldReader(value, in: "\"voipgrid\"")
        event = try fields.requiredText("event")
        call = try fields.text("call") ?? "call"
        callID = try fields.text("call_id")
        direction = try fields.text("direction") ?? "inbound"
        guard let caller = fields.value("caller"), let destination = fields.value("destination") else {
            throw ScenarioFault("a call notification of \"voipgrid\" needs \"caller\" and \"destination\"")
        }
        self.caller = try VoIPGRIDParty(caller, in: "\"caller\"", isBare: false)
        self.destination = try VoIPGRIDParty(destination, in: "\"destination\"", isBare: true)
        reason = try fields.text("reason") ?? (event == "created" ? nil : "")
        shape = try fields.word("shape", of: VoIPGRIDShape.self)
        times = try fields.whole("times", in: 1...100) ?? 1
        data = try fields.object("data")
        try fields.refuseUnknown()
    }

    func body(usual: VoIPGRIDShape, now: WallTime, in run: ScenarioRun) -> JSONValue {
        let shape = shape ?? usual
        let id = callID ?? run.id("voipgrid call", call) { shape.callID(at: now) }
        var members = [
            JSONMember("call_id", id),
            JSONMember("timestamp", now.voipgridTimestamp(microseconds: shape == .y2023)),
            JSONMember("status", event),
        ]
        if let reason { members.append(JSONMember("reason", reason)) }
        members.append(contentsOf: [
            JSONMember("version", "v2"), JSONMember("direction", direction), JSONMember("caller", caller.json(shape)),
            JSONMember("destination", destination.json(shape)),
        ])
        members.overlay(data)
        return .object(members)
    }
}
