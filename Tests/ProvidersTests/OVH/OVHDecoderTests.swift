import CallModel
import Providers
import Testing

/// What fixtures do not show: identities, hostile input.
struct OVHDecoderTests {
    private func facts(_ body: String, at observed: Int64 = 1_767_603_600_000) -> [Fact] {
        Bench.facts(
            Delivery(
                source: SourceName(provider: "ovh", name: "paris"), observed: Timestamp(milliseconds: observed),
                kind: .poll, body: Array(body.utf8)))
    }

    @Test func theSameEventHasTheSameIdInEveryShape() {
        let data = #"{"Event":"start_ringing","CallId":"a.","Called":"0033199000001","Ts":1767603600.102}"#
        let text = #"{"Event":"start_ringing","CallId":"a.","Called":"0033199000001","Ts":"1767603600.102"}"#
        let event = #"{"Event":"start_ringing","Service":"sip","Ressource":"0033199000001","Data":\#(data)}"#
        let lower = #"{"event":"start_ringing","service":"sip","ressource":"+33199000001","data":\#(text)}"#
        let bodies = [event, "[\(event)]", #"{"Session":"s","Events":[\#(event)]}"#, lower, "[\(lower)]"]
        let ids = bodies.flatMap { facts($0, at: Int64.random(in: 1_767_603_600_000...1_767_603_700_000)).map(\.id) }
        #expect(ids.count == 5)
        #expect(Set(ids).count == 1)
    }

    @Test func differentEventsHaveDifferentIds() {
        func event(_ word: String, _ line: String, _ call: String, _ time: String) -> [Fact] {
            facts(#"{"Ressource":"\#(line)","Data":{"Event":"\#(word)","CallId":"\#(call)","Ts":\#(time)}}"#)
        }
        let all = [
            event("start_ringing", "0033199000001", "a", "1.5"), event("end_ringing", "0033199000001", "a", "1.5"),
            event("start_ringing", "0033199000002", "a", "1.5"), event("start_ringing", "0033199000001", "b", "1.5"),
            event("start_ringing", "0033199000001", "a", "1.501"),
        ]
        #expect(Set(all.flatMap { $0.map(\.id) }).count == 5)
    }

    /// 1425554670255954700 is above 2^53: through a `Double` its milliseconds would still be right, its digits not.
    @Test func nanosecondsKeepTheirDigits() {
        let read = JSONValue.read(Array(#"{"Timestamp":1425554670255954701,"big":9223372036854775807}"#.utf8))
        #expect(read?.object?["Timestamp"]?.int64 == 1_425_554_670_255_954_701)
        #expect(read?.object?["big"]?.int64 == .max)
        #expect(JSONValue.string("1425554670255954701").int64 == 1_425_554_670_255_954_701)
    }

    @Test func threeNotationsOfACallerAreOneNumber() {
        for caller in [
            #""Calling":"0033639980011""#, #""QueueMemberCIDNumber":"0639980011""#,
            #""QueueMemberCIDName":"+33639980011""#,
        ] {
            let data = #""Action":"member-queue-start","Queue":"0033199000100","QueueMemberUUID":"m",\#(caller)"#
            let decoded = facts(#"{"Service":"queues","Data":{\#(data)}}"#)
            guard case .call(let call)? = decoded.first?.content else { return unexpected() }
            #expect(call.remote?.number == "+33639980011")
        }
    }

    /// A queue's event is told by when its action was, not by when it was sent.
    @Test(arguments: [
        ("bridge-agent-start", "QueueAgentAnsweredTime"), ("bridge-agent-fail", "QueueAgentAbortedTime"),
        ("bridge-agent-end", "QueueBridgeTerminatedTime"), ("member-queue-end", "QueueMemberLeavingTime"),
    ])
    func aQueuesEventSentAgainIsTheSame(_ word: String, _ field: String) {
        func id(sent: Int, acted: Int, _ other: Int = 1_767_603_500) -> [FactID] {
            let fields = [
                "QueueAgentAnsweredTime", "QueueAgentAbortedTime", "QueueBridgeTerminatedTime",
                "QueueMemberLeavingTime",
            ]
            let times = fields.map { #""\#($0)":"\#($0 == field ? acted : other)""# }.joined(separator: ",")
            let data = #""Action":"\#(word)","QueueMemberUUID":"m","QueueAgent":"a","Ts":\#(sent),\#(times)"#
            return facts(#"{"Service":"queues","Data":{\#(data)}}"#).map(\.id)
        }
        let first = id(sent: 1_767_603_600, acted: 1_767_603_590)
        #expect(first.count == 1)
        #expect(id(sent: 1_767_603_660, acted: 1_767_603_590, 1_767_603_501) == first)
        #expect(id(sent: 1_767_603_600, acted: 1_767_603_591) != first)
    }

    /// Of several notations the one that is a number, wherever it stands.
    @Test(arguments: [
        #""Calling":"anonymous","QueueMemberCIDNumber":"0639980011""#,
        #""Calling":"201","QueueMemberCIDName":"+33639980011""#,
    ])
    func aNumberGoesBeforeWhatIsNone(_ caller: String) {
        let data = #""Action":"member-queue-start","Queue":"0033199000100","QueueMemberUUID":"m",\#(caller)"#
        guard case .call(let call)? = facts(#"{"Service":"queues","Data":{\#(data)}}"#).first?.content else {
            return unexpected()
        }
        #expect(call.remote?.number == "+33639980011")
    }

    /// A national number may be of another country than the source's.
    @Test(arguments: [
        (#""QueueMemberCIDNumber":"0639980011","QueueMemberCIDName":"+262692123456""#, "+262692123456"),
        (#""Calling":"0639980011","QueueMemberCIDName":"+262692123456""#, "+262692123456"),
        (#""Calling":"0639980011","QueueMemberCIDNumber":"00262692123456""#, "+262692123456"),
        (#""Calling":"00262692123456","QueueMemberCIDName":"+33639980011""#, "+262692123456"),
        (#""QueueMemberCIDNumber":"0692123456","QueueMemberCIDName":"+262692123456""#, "+262692123456"),
        (#""Calling":"0639980011","QueueMemberCIDName":"+12""#, "+33639980011"),
    ])
    func aNumberWithACountryCodeGoesBeforeANationalOne(_ caller: String, _ number: String) {
        let data = #""Action":"member-queue-start","Queue":"0033199000100","QueueMemberUUID":"m",\#(caller)"#
        guard case .call(let call)? = facts(#"{"Service":"queues","Data":{\#(data)}}"#).first?.content else {
            return unexpected()
        }
        #expect(call.remote?.number == number)
    }

    /// Whatever is wrong with it, seconds before 1970, milliseconds or more.
    @Test(arguments: ["-5", #""-5.25""#, "1", "1767603600000", #""1767603600102""#, "1767603600102000000", "1e300"])
    func aTimeThatCannotBeTrueIsDroppedAndTold(_ time: String) {
        let data = #""Event":"start_ringing","CallId":"a.","Called":"0033199000001","Ts":\#(time)"#
        var bench = Bench()
        bench.feed(facts(#"{"Ressource":"0033199000001","Data":{\#(data)}}"#), at: Fixture.start)
        let ringing = bench.lines.filter { $0.contains("call.ringing") }
        #expect(
            ringing.count == 1 && ringing.allSatisfy { $0.contains(#""notes":["time_dropped"]"#) }, "\(bench.lines)")
        #expect(ringing.allSatisfy { !$0.contains(#""time":"#) })
        #expect(bench.lines.contains { $0.contains("implausible time") })
    }

    /// FreeSWITCH writes 0 for a time that there is not.
    @Test(arguments: ["0", #""0""#, #""""#, "null", #""soon""#])
    func noTimeIsNoWrongTime(_ time: String) {
        let data = #""Event":"start_ringing","CallId":"a.","Called":"0033199000001","Ts":\#(time)"#
        var bench = Bench()
        bench.feed(facts(#"{"Ressource":"0033199000001","Data":{\#(data)}}"#), at: Fixture.start)
        #expect(!bench.lines.isEmpty && bench.lines.allSatisfy { !$0.contains("time_dropped") })
    }

    @Test func wrongTimesDoNotMakeOneEventOfTwo() {
        func event(_ time: Int) -> [Fact] {
            facts(#"{"Ressource":"0033199000001","Data":{"Event":"start_hold","CallId":"a","Ts":\#(time)}}"#)
        }
        #expect(Set((event(1_767_603_600_000) + event(1_767_603_601_500)).map(\.id)).count == 2)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "", "\u{0}", "null", "true", "1", "[[[[]]]]", #"{"Events":{}}"#, #"{"Events":[{}]}"#, #"{"Event":{}}"#,
            #"{"Event":"start_ringing","Ressource":[],"Data":[]}"#, #"{"Data":{"Ts":1e999}}"#,
            #"{"Ressource":"1","Data":{"Event":"start_ringing","Ts":-1,"TsGet":-9223372036854775808}}"#,
            #"{"Ressource":"1","Timestamp":1e30,"Data":{"Event":"start_ringing","CallId":""}}"#,
            #"{"Service":"queues","Data":{"Action":"members-count","Count":"99999999999999999999"}}"#,
            #"{"Service":"queues","Data":{"Action":"bridge-agent-start","QueueMemberUUID":"m","QueueAgent":"agent__"}}"#,
            #"{"Event":"a","Event":"b","event":"c"}"#,
        ])
    func nothingTraps(_ body: String) {
        var bench = Bench()
        bench.feed(facts(body), at: Fixture.start)
        bench.finish(after: Fixture.start)
        for line in bench.lines { #expect(StreamLineCheck.fault(in: line) == nil, "\(line)") }
    }

    @Test(.timeLimit(.minutes(1)))
    func hugeAndDeepBodiesEnd() {
        #expect(facts(String(repeating: "[", count: 100_000)).count == 1)
        #expect(facts("[" + String(repeating: "{},", count: 20_000) + "{}]").count == 20_001)
        let long = String(repeating: "x", count: 1 << 20)
        #expect(facts(#"{"Ressource":"\#(long)","Data":{"Event":"\#(long)","CallId":"\#(long)"}}"#).count == 2)
    }

    @Test func invalidUTF8IsReadAsWindows1252() {
        #expect(decodeText([0x4A, 0xE9, 0x80, 0x20, 0x81]) == "Jé€ \u{81}")
        #expect(decodeText(Array("Jé".utf8)) == "Jé")
    }

    @Test func anAgentsNameHoldsHisLine() {
        let data = #""Action":"agent-offering","QueueMemberUUID":"m","QueueAgent":"agent_0033199000001_123""#
        let decoded = facts(#"{"Service":"queues","Data":{\#(data)}}"#)
        guard case .call(let call)? = decoded.first?.content else { return unexpected() }
        #expect(call.step == .agentOffered(agent: "agent_0033199000001_123", line: "+33199000001"))
    }
}
