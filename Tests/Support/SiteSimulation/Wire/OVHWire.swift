import CallModel

/// The JSON of OVH events (guide, and its keys in version 2 in lower case).
struct OVHWire {
    let isVersionTwo: Bool
    /// Of OVH's clock, in ms.
    let skew: Int64
    let start: Timestamp

    func line(_ event: String, line: String, call: String, calling: String, called: String, at: Int64, asText: Bool)
        -> Sent.Payload
    {
        let time = moment(at)
        let seconds = "\(time / 1_000).\(String(time % 1_000 + 1_000).dropFirst())"
        return payload(
            event, service: "sip", resource: line, time: time,
            data: """
                {"Billing":"\(ovh(line))","Called":"\(ovh(called))","CallId":"\(call)","Calling":"\(ovh(calling))",\
                "Dialed":"\(ovh(called))","Event":"\(event)","Protocol":"sip","RelevantInfo":"",\
                "Ts":\(asText ? "\"\(seconds)\"" : seconds),"TsGet":\(time + 120)000000}
                """)
    }

    /// All values are text, times are whole seconds. `fields` are added as they are.
    func queue(
        _ action: String, queue: String, member: String?, caller: String?, at: Int64, _ fields: [(String, String)]
    ) -> Sent.Payload {
        let time = moment(at)
        var data = "{\"Action\":\"\(action)\",\"Queue\":\"\(ovh(queue))\",\"Ts\":\"\(time / 1_000)\""
        if let member {
            data += ",\"QueueMemberUUID\":\"\(member)\",\"QueueMemberSessionUUID\":\"s-\(member)\""
        }
        if let caller {
            data += ",\"Calling\":\"\(ovh(caller))\",\"QueueMemberCIDName\":\"\(caller)\""
            data += ",\"QueueMemberCIDNumber\":\"0\(caller.dropFirst(3))\""
        }
        for (name, value) in fields { data += ",\"\(name)\":\"\(value)\"" }
        return payload(action, service: "queues", resource: queue, time: time, data: data + "}")
    }

    /// Whole seconds of OVH's clock.
    func seconds(_ at: Int64) -> String { String(moment(at) / 1_000) }

    func ovh(_ number: String) -> String { number.hasPrefix("+") ? "00" + number.dropFirst() : number }

    private func moment(_ at: Int64) -> Int64 { start.milliseconds + at + skew }

    private func payload(_ event: String, service: String, resource: String, time: Int64, data: String)
        -> Sent.Payload
    {
        let names =
            isVersionTwo
            ? ["event", "token", "service", "ressource", "timestamp", "data", "details"]
            : ["Event", "Token", "Service", "Ressource", "Timestamp", "Data", "Details"]
        let text = """
            {"\(names[0])":"\(event)","\(names[1])":"[redacted]","\(names[2])":"\(service)",\
            "\(names[3])":"\(ovh(resource))","\(names[4])":\(time + 150)954701,"\(names[5])":\(data),\
            "\(names[6])":{"Type":"sipCirpack"}}
            """
        return .ovh(event: text, isVersionTwo: isVersionTwo)
    }
}
