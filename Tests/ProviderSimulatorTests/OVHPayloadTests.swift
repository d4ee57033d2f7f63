import Testing

@testable import ProviderSimulator

/// Payloads against the fields of the OVH guide and of its public clients.
@Suite struct OVHPayloadTests {
    private let now = WallTime(nanoseconds: 1_425_554_670_255_954_700)

    private func line(_ text: String) throws -> OVHEvent {
        guard case .ovhLine(let event) = try ScenarioLine(text).action else { throw NeverHappened() }
        return event.stamped(now, in: ScenarioRun())
    }

    @Test func lineInVersionOne() throws {
        let value = try line(ovhLine("start_ringing")).versionOne(token: "TOK")
        guard case .object(let members) = value, case .object(let data)? = value["Data"] else {
            throw NeverHappened()
        }
        #expect(
            members.map(\.name) == [
                "Event", "Token", "Service", "Ressource", "Timestamp", "Date", "Data", "Details",
            ])
        #expect(
            data.map(\.name) == [
                "Billing", "Body", "CallId", "Called", "Calling", "Cseq", "Dialed", "Event", "Protocol", "RelevantInfo",
                "Ts", "TsGet",
            ])
        #expect(value["Token"] == .string("TOK"))
        #expect(value["Service"] == .string("sip"))
        #expect(value["Timestamp"] == .number("1425554670255954700"))
        #expect(value["Date"] == .string("2015-03-05T12:24:30.255954 (CET)"))
        #expect(value["Data"]?["Ts"] == .number("1425554670.105"))
        #expect(value["Data"]?["TsGet"] == .number("1425554670238954700"))
        #expect(value["Data"]?["Body"] == .string("SIP/2.0 180 Ringing"))
        #expect(value["Details"]?["SimultaneousLine"] == .string("2"))
    }

    @Test func lineInVersionTwo() throws {
        let value = try line(ovhLine("start_ringing")).versionTwo(token: "TOK")
        #expect(value["token"] == .string("TOK"))
        #expect(value["ressource"] == .string("0033199000001"))
        #expect(value["data"]?["Ts"] == .string("1425554670.105"))
        #expect(value["data"]?["Datetime"] == .string("2015-03-05 12:24:30"))
    }

    @Test func overridesAndOmissions() throws {
        let event = try line(
            ovhLine(
                "end_calling", extra: #","ts":"none","protocol":"mgcp","data":{"Called":null,"Extra":{"a":[1]}}"#))
        let value = event.versionOne(token: "T")
        #expect(value["Data"]?["Ts"] == nil)
        #expect(value["Data"]?["Called"] == nil)
        #expect(value["Data"]?["Extra"]?.json == #"{"a":[1]}"#)
        #expect(value["Details"]?["Type"] == .string("mgcpCirpack"))
    }

    @Test func oneLabelIsOneCallPerRun() throws {
        guard case .ovhLine(let event) = try ScenarioLine(ovhLine("start_ringing")).action else { return }
        let (first, second) = (ScenarioRun(), ScenarioRun())
        func id(_ run: ScenarioRun) -> JSONValue? {
            event.stamped(now, in: run).versionOne(token: "T")["Data"]?["CallId"]
        }
        #expect(id(first) == id(first))
        #expect(id(first) != id(second))
        #expect(id(first)?.text?.hasSuffix(".") == true)
    }

    /// What the table of FreeSWITCH's fields says each action has.
    @Test func queueStay() throws {
        let run = ScenarioRun()
        func data(_ event: String, _ extra: String = "", after seconds: Int64) throws -> [String: String] {
            let text = #"{"ovh":{"event":"\#(event)","queue":"0033199000010"\#(extra)}}"#
            guard case .ovhQueue(let queue) = try ScenarioLine(text).action else { throw NeverHappened() }
            let value = queue.stamped(now.advanced(milliseconds: seconds * 1_000), in: run).versionOne(token: "T")
            guard case .object(let members)? = value["Data"] else { throw NeverHappened() }
            return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value.text ?? "NOT A STRING") })
        }
        let member = #","member":"m","calling":"0033639980001""#
        let agent = member + #","agent":"0033199000011""#
        let start = try data("member-queue-start", member, after: 0)
        let count = try data("members-count", #","count":0"#, after: 0)
        let offer = try data("agent-offering", agent, after: 2)
        let bridge = try data("bridge-agent-start", agent, after: 5)
        let unbridge = try data("bridge-agent-end", agent, after: 9)
        let end = try data("member-queue-end", member, after: 10)

        #expect(
            Set(start.keys) == [
                "Action", "Protocol", "Queue", "Calling", "QueueMemberCIDName", "QueueMemberCIDNumber",
                "QueueMemberUUID",
                "QueueMemberSessionUUID", "Ts",
            ])
        #expect(start["Calling"] == "0033639980001")
        #expect(start["QueueMemberCIDName"] == "+33639980001")
        #expect(start["QueueMemberCIDNumber"] == "0639980001")
        #expect(
            count == [
                "Action": "members-count", "Protocol": "sip", "Queue": "0033199000010", "Count": "0",
                "QueueSelection": "Single-Queue", "Ts": "1425554670",
            ])
        #expect(offer["QueueAgent"] == "agent_0033199000011_123")
        #expect(offer["QueueMemberDNIS"] == "0033199000010")
        #expect(offer["QueueAgentUUID"] == nil)
        #expect(bridge["QueueAgentCalledTime"] == "1425554672")
        #expect(bridge["QueueAgentAnsweredTime"] == "1425554675")
        #expect(bridge["QueueMemberJoinedTime"] == "1425554670")
        #expect(unbridge["QueueBridgeTerminatedTime"] == "1425554679")
        #expect(unbridge["QueueHangupCause"] == "SUCCESS")
        #expect(end["QueueCause"] == "Terminated")
        #expect(end["QueueAgentUUID"] == bridge["QueueAgentUUID"])
        #expect(end["QueueMemberLeavingTime"] == "1425554680")
        #expect(Set([start, offer, bridge, unbridge, end].map { $0["QueueMemberUUID"] }).count == 1)
    }

    @Test func cancelledStayNamesNoAgent() throws {
        let text = #"{"ovh":{"event":"member-queue-end","queue":"1","member":"m","cancel_reason":"BREAK_OUT"}}"#
        guard case .ovhQueue(let queue) = try ScenarioLine(text).action else { throw NeverHappened() }
        let data = queue.stamped(now, in: ScenarioRun()).versionOne(token: "T")["Data"]
        #expect(data?["QueueCause"] == .string("Cancel"))
        #expect(data?["QueueCancelReason"] == .string("BREAK_OUT"))
        for absent in ["QueueHangupCause", "QueueAgent", "QueueAgentCalledTime", "QueueAgentAnsweredTime"] {
            #expect(data?[absent] == nil)
        }
    }
}
