import Testing

@testable import ProviderSimulator

@Suite(.timeLimit(.minutes(2))) struct SFRDMCTests {
    /// The requests that the lines bring about, one line after the other.
    private func pushes(_ lines: [String], expected: Int? = nil) async throws -> [PushReceiver.Taken] {
        var taken: [PushReceiver.Taken] = []
        try await PushReceiver.run { receiver in
            try await withSimulator {
                $0.sfrTargets = [try PushTarget("http://127.0.0.1:\(receiver.port)/hooks/sfr?s=1", option: "test")]
            } _: { simulator, _ in
                var count = 0
                for line in lines {
                    try await simulator.play(line)
                    count = simulator.log.notifications.count
                    try await until { receiver.taken.count == count }
                }
                if let expected { #expect(count == expected) }
                try await until { simulator.log.notifications.allSatisfy { $0.status == 200 } }
                taken = receiver.taken
            }
        }
        return taken
    }

    private func sfr(_ members: String) -> String { #"{"sfr-dmc":{\#(members)}}"# }

    @Test func xmlOfACall() async throws {
        let taken = try await pushes([
            sfr(#""to":"+33639980041","call":"c","status":"ESTABLISHED","username":"99""#),
            sfr(
                #""to":"+33639980041","call":"c","status":"ENDED","username":"99","time":9,"amd":"human","#
                    + #""vxml_info":{"route":"Menu 1(10590):1"},"date":"2014-07-11 09:55:55""#),
        ])
        let request = try #require(taken.first)
        #expect(request.method == "POST")
        #expect(request.target == "/hooks/sfr?s=1")
        #expect(request.header("Content-Type") == "application/xml")
        let callID = try #require(request.text.firstMatch(of: /call_id="(300[0-9]{11})"/)).1
        #expect(
            request.text.replacing(callID, with: "C").replacing(/"\d{9}"/, with: "\"B\"")
                .replacing(/"24\d{8}"/, with: "\"P\"").replacing(/space_id="\d{6}"/, with: "space_id=\"S\"")
                .replacing(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, with: "D") == """
                    <?xml version="1.0" encoding="UTF-8" standalone="no"?>
                    <status_report username="99">
                      <call to="+33639980041" status="ESTABLISHED" call_id="C" broadcast_id="B" contact_id="P" \
                    ref_externe="654321" space_id="S" date="D">
                        <status date="D" type="ESTABLISHED"/>
                      </call>
                    </status_report>
                    """)
        // Same call, same ids, and the voice element beside its status.
        let second = try #require(taken.last).text
        #expect(second.contains("call_id=\"\(callID)\""))
        #expect(second.contains("date=\"2014-07-11 09:55:55\">"))
        #expect(
            second.contains(
                "<status date=\"2014-07-11 09:55:55\" type=\"ENDED\" time=\"9\" amd=\"human\"/>\n      <vxml_info "))
        #expect(second.contains("termination=\"disconnect\" result=\"fin appel\" route=\"Menu 1(10590):1\"/>"))
    }

    @Test func childrenEscapesAndNoProlog() async throws {
        let taken = try await pushes([
            sfr(
                #""to":"+33639980041","status":"TRANSFERED","transfer":"+33199000042","vxml_info":{},"place":"child","#
                    + #""prolog":false,"info":"<a> & \"b\"","content_type":"""#)
        ])
        let text = try #require(taken.first).text
        #expect(text.hasPrefix("<status_report"))
        #expect(taken[0].header("Content-Type") == nil)
        #expect(text.contains("info=\"&lt;a&gt; &amp; &quot;b&quot;\"><vxml_info"))
        #expect(text.contains("<transfer to=\"+33199000042\"/></status>"))
    }

    @Test func jsonAsSeenIn2018() async throws {
        let taken = try await pushes([
            sfr(
                #""format":"json","medium":"sms","to":"+33639980041","status":"ANSWERED","info":"Bien reçu","ids":"none","#
                    + #""dates":"joined","ref_externe":"123456""#)
        ])
        let request = try #require(taken.first)
        #expect(request.header("Content-Type") == "application/json")
        #expect(
            request.text.replacing(/[0-9a-f]{24}/, with: "C")
                .replacing(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, with: "D").replacing(/CES?T/, with: "Z") == """
                    {"status_report":{"username":"1234","sms":[{"to":"+33639980041","date":"D Z","call_id":"C",\
                    "ref_externe":"123456","status_list":[{"date":"DZ","type":"ANSWERED","info":"Bien reçu"}],\
                    "status":"ANSWERED"}]}}
                    """)
    }

    @Test func idsAndReferencesInEveryForm() async throws {
        let taken = try await pushes([
            sfr(#""format":"json","medium":"sms","to":"a","status":"SENT","ids":"number","ref_externe":null"#),
            sfr(#""format":"json","medium":"sms","to":"a","status":"SENT","ref_externe":"""#),
            sfr(#""format":"json","medium":"sms","to":"a","status":"SENT","data":{"ref_externe":null,"new":1}"#),
        ])
        let reports = try taken.map { try json($0.text)["status_report"]?["sms"]?.items?.first }
        guard case .number(let contact) = reports[0]?["contact_id"], case .number(let call) = reports[0]?["call_id"]
        else { throw NeverHappened() }
        #expect(try #require(Int64(contact)) > 2_147_483_647)
        #expect(reports[1]?["contact_id"] == .string(contact))
        #expect(reports[1]?["call_id"] == .string(call))
        #expect(reports.map { $0?["ref_externe"] } == [.null, .string(""), nil])
        #expect(reports[2]?["new"] == .number("1"))
    }

    @Test func histories() async throws {
        func sms(_ status: String, _ more: String) -> String {
            sfr(#""format":"json","medium":"sms","call":"s","status":"\#(status)"\#(more)"#)
        }
        let taken = try await pushes([
            sms("SENT", ""), sms("RECEIVED", #","history":"cumulative""#), sms("ANSWERED", #","history":"none""#),
            sms("X", #","history":[{"type":"CONVERTED"},{"type":"SENT","page":3}]"#),
            sms("ANSWERED", #","history":"cumulative","ago":60000"#),
        ])
        let histories = try taken.map { request in
            let report = try json(request.text)["status_report"]?["sms"]?.items?.first
            return (report?["status_list"]?.items ?? []).compactMap { $0["type"]?.text }
        }
        #expect(
            histories == [
                ["SENT"], ["SENT", "RECEIVED"], [], ["CONVERTED", "SENT"],
                ["SENT", "RECEIVED", "ANSWERED", "X", "ANSWERED"],
            ])
    }

    @Test func severalReportsAndMedia() async throws {
        let reports =
            #""reports":[{"medium":"sms","call":"a","status":"SENT"},{"call":"a","status":"ENDED"},"#
            + #"{"medium":"sms","call":"b","status":"ERROR","code":303}]"#
        let taken = try await pushes([
            sfr(reports), sfr(#""format":"json","# + reports), sfr(#""format":"json","single":true,"# + reports),
        ])
        let elements = taken[0].text.matches(of: /<(sms|call) status/).map { String($0.1) }
        #expect(elements == ["sms", "call", "sms"])
        let listed = try json(taken[1].text)["status_report"]
        #expect(listed?["sms"]?.items?.count == 2)
        #expect(listed?["call"]?.items?.count == 1)
        // One label in two media is one id.
        #expect(listed?["call"]?.items?.first?["call_id"] == listed?["sms"]?.items?.first?["call_id"])
        #expect(try json(taken[2].text)["status_report"]?["call"]?["status"] == .string("ENDED"))
    }

    @Test func bytes() async throws {
        let taken = try await pushes([
            sfr(#""status":"ANSWERED","medium":"sms","info":"reçu €","charset":"latin-1""#),
            sfr(#""status":"ANSWERED","medium":"sms","info":"reçu","bom":true"#), sfr(#""body":"« »""#),
            sfr(#""body":"""#),
        ])
        #expect(String(validating: taken[0].body, as: UTF8.self) == nil)
        #expect(taken[0].body.firstRange(of: [0x72, 0x65, 0xE7, 0x75, 0x20, 0x3F]) != nil)
        #expect(taken[0].body.starts(with: Array("<?xml version=\"1.0\" encoding=\"UTF-8\"".utf8)))
        #expect(taken[1].body.starts(with: [0xEF, 0xBB, 0xBF, 0x3C]))
        #expect(taken[2].text == "« »")
        #expect(taken[3].body.isEmpty)
    }

    @Test(arguments: [
        (SFRDateForm.bare, "2018-10-19 11:48:38"), (.zone, "2018-10-19 11:48:38 CEST"),
        (.joined, "2018-10-19 11:48:38CEST"), (.utc, "2018-10-19T09:48:38Z"),
    ])
    func dates(_ form: SFRDateForm, _ text: String) {
        let time = WallTime(nanoseconds: 1_539_942_518_999_000_000)
        #expect(form.text(time, inHistory: true) == text)
        if form == .joined { #expect(form.text(time, inHistory: false) == "2018-10-19 11:48:38 CEST") }
    }

    @Test func repeatedOnRequest() async throws {
        let taken = try await pushes([sfr(#""status":"SENT","times":3"#)], expected: 3)
        #expect(Set(taken.map(\.body)).count == 1)
    }

    @Test func serviceHasATargetOfItsOwn() async throws {
        try await PushReceiver.run { receiver in
            let base = "http://127.0.0.1:\(receiver.port)"
            try await withSimulator {
                $0.sfrFormat = .json
                $0.sfrTargets = [
                    try PushTarget("77=\(base)/own", option: "test"), try PushTarget("\(base)/all", option: "test"),
                ]
            } _: { simulator, _ in
                try await simulator.play(sfr(#""status":"SENT","username":"77""#))
                try await until { receiver.taken.count == 1 }
                try await simulator.play(sfr(#""status":"SENT","username":"78""#))
                try await until { receiver.taken.count == 2 }
                #expect(receiver.taken.map(\.target) == ["/own", "/all"])
                #expect(receiver.taken[0].body.first == UInt8(ascii: "{"))
                #expect(simulator.log.notifications.map(\.account) == ["77", "78"])
            }
        }
    }

    @Test func faultsOnTheWay() async throws {
        try await PushReceiver.run { receiver in
            try await withSimulator {
                $0.sfrTargets = [try PushTarget("http://127.0.0.1:\(receiver.port)/", option: "test")]
            } _: { simulator, client in
                func fault(_ more: String) async throws {
                    let body = #"{"provider":"sfr-dmc",\#(more)}"#
                    #expect(try await client.send(.post, "/control/fault", body: body).status == 204)
                }
                let line = sfr(#""status":"SENT","format":"json""#)
                try await fault(#""kind":"garbage""#)
                try await simulator.play(line)
                try await until { receiver.taken.count == 1 }
                #expect(receiver.taken[0].text.hasPrefix("{«\u{A0}status_report\u{A0}»:{«\u{A0}username\u{A0}»:"))
                try await fault(#""kind":"garbage","body":"no""#)
                try await simulator.play(line)
                try await until { receiver.taken.count == 2 }
                #expect(receiver.taken[1].text == "no")
                try await fault(#""kind":"huge","value":3000000"#)
                try await simulator.play(line)
                try await until { receiver.taken.count == 3 }
                #expect(receiver.taken[2].body.count == 3_000_000)
                try await fault(#""kind":"cut""#)
                try await simulator.play(line)
                try await until { receiver.cut.count == 1 }
                let length = try #require(receiver.cut[0].header("Content-Length").flatMap { Int($0) })
                #expect(receiver.cut[0].body.count == length / 2)
                try await until { simulator.log.notifications.last?.problem == "no answer" }
                // Another service is not meant; then the delayed one comes after the one that follows it.
                try await fault(#""kind":"delay","value":2000,"token":"1234""#)
                try await simulator.play(sfr(#""status":"OTHER","username":"5""#))
                try await until { receiver.taken.count == 4 }
                try await simulator.play(sfr(#""status":"LATE""#))
                try await simulator.play(sfr(#""status":"SOON""#))
                try await until { receiver.taken.count == 6 }
                #expect(receiver.taken[5].text.contains("LATE"))
            }
        }
    }
}
