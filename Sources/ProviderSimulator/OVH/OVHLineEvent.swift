/// An event of an OVH line as a scenario describes it.
///
/// Fields and samples: OVH guide "Documentation technique CTI", event object; `Datetime` and `Ts` as text are what
/// public clients of version 2 read.
package struct OVHLineEvent: Sendable, Equatable {
    /// How `Ts` is written. The guide shows a number, clients of version 2 read text.
    enum TsForm: String, CaseIterable {
        case number
        case string
        case none
    }

    package let token: String?
    package let event: String
    package let line: String
    package let calling: String?
    package let called: String?
    let dialed: String?
    /// Label, turned into a fresh `CallId` by each run.
    let call: String?
    /// A `CallId` sent as it is.
    let callID: String?
    let body: String
    let cseq: String
    let protocolName: String
    let ts: TsForm?
    let data: [JSONMember]
    let details: [JSONMember]

    init(_ value: JSONValue) throws(ScenarioFault) {
        var fields = try FieldReader(value, in: "\"ovh\"")
        token = try fields.text("token")
        event = try fields.requiredText("event")
        line = try fields.requiredText("line")
        calling = try fields.text("calling")
        called = try fields.text("called")
        dialed = try fields.text("dialed")
        call = try fields.text("call")
        callID = try fields.text("callid")
        guard call == nil || callID == nil else {
            throw ScenarioFault("\"ovh\" takes \"call\" or \"callid\", not both")
        }
        let usual = Self.sip(event)
        body = try fields.text("body") ?? usual.body
        cseq = try fields.text("cseq") ?? usual.cseq
        protocolName = try fields.text("protocol") ?? "sip"
        ts = try fields.word("ts", of: TsForm.self)
        data = try fields.object("data")
        details = try fields.object("details")
        try fields.refuseUnknown()
    }

    /// The event as published `now`: the telephony server saw it 150 ms before, the collector 17 ms before, the lags
    /// of the guide's sample.
    func stamped(_ now: WallTime, in run: ScenarioRun) -> OVHEvent {
        let seen = now.advanced(milliseconds: -150)
        func data(defaultTs: TsForm, datetime: Bool) -> [JSONMember] {
            var members = [JSONMember("Billing", line), JSONMember("Body", body)]
            members.append(JSONMember("CallId", wireID(in: run)))
            if let called { members.append(JSONMember("Called", called)) }
            if let calling { members.append(JSONMember("Calling", calling)) }
            members.append(JSONMember("Cseq", cseq))
            if datetime { members.append(JSONMember("Datetime", seen.ovhDatetime)) }
            if let dialed = dialed ?? called { members.append(JSONMember("Dialed", dialed)) }
            members.append(JSONMember("Event", event))
            members.append(JSONMember("Protocol", protocolName))
            members.append(JSONMember("RelevantInfo", ""))
            switch ts ?? defaultTs {
            case .number: members.append(JSONMember("Ts", .number(seen.decimalSeconds)))
            case .string: members.append(JSONMember("Ts", seen.decimalSeconds))
            case .none: break
            }
            members.append(JSONMember("TsGet", .integer(now.advanced(milliseconds: -17).nanoseconds)))
            members.overlay(self.data)
            return members
        }
        var details = OVHDetails.line(type: protocolName == "mgcp" ? "mgcpCirpack" : "sipCirpack")
        details.overlay(self.details)
        return OVHEvent(
            name: event, service: "sip", ressource: line, published: now,
            dataV1: data(defaultTs: .number, datetime: false), dataV2: data(defaultTs: .string, datetime: true),
            details: details
        )
    }

    /// The guide's sample id is 43 letters and a final dot.
    private func wireID(in run: ScenarioRun) -> String {
        if let callID { return callID }
        return run.id("ovh", call ?? "\(event) of \(line)") { RandomText.alphanumeric(43) + "." }
    }

    private static func sip(_ event: String) -> (body: String, cseq: String) {
        switch event {
        case "registered": ("SIP/2.0 200 OK", "181 REGISTER")
        case "start_ringing": ("SIP/2.0 180 Ringing", "123456789 INVITE")
        case "end_calling": ("SIP/2.0 200 OK", "123456790 BYE")
        default: ("SIP/2.0 200 OK", "123456789 INVITE")
        }
    }
}
