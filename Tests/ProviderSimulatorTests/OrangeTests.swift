import Testing

@testable import ProviderSimulator

@Suite(.timeLimit(.minutes(2))) struct OrangeTests {
    private static let call = "/orange/call/createCall.xml?id=K&from=33639980051&to=336399803"

    private func callID(_ answer: TestClient.Answer) -> String? {
        answer.body.firstMatch(of: /<call_id>(.+)<\/call_id>/).map { String($0.1) }
    }

    @Test func acceptedCallReleasedOnce() async throws {
        try await withSimulator { _, client in
            let answer = try await client.get(Self.call + "00")
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "text/xml")
            let id = try #require(callID(answer))
            #expect(id.wholeMatch(of: /[1-9][0-9]+/) != nil)
            #expect(
                answer.body == """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <response>
                      <status>
                        <status_code>200</status_code>
                        <status_msg><![CDATA[OK]]></status_msg>
                      </status>
                      <call_info>
                        <call_id>\(id)</call_id>
                      </call_info>
                    </response>

                    """)
            let release = "/orange/call/releaseCall.xml?id=K&call_id=\(id)"
            #expect(try await client.get(release).body.contains("<status_code>200<"))
            #expect(try await client.get(release).body.contains("<status_code>404<"))
        }
    }

    @Test(arguments: [
        ("01", 200, "<status_code>450</status_code>"), ("02", 200, "<status_code>500</status_code>"),
        ("03", 200, "<status_code>\n      200\t\n    </status_code>"),
        ("04", 200, "<status_code><![CDATA[200]]></status_code>"), ("07", 200, "<call_id></call_id>"),
        ("08", 200, "<call_id>a/b c+é&amp;1</call_id>"), ("09", 500, "<status_code>500</status_code>"),
        ("10", 200, "<html>"), ("11", 200, ""),
    ])
    func numbersWithAMeaning(_ number: String, _ status: Int, _ text: String) async throws {
        try await withSimulator { _, client in
            let answer = try await client.get(Self.call + number)
            #expect(answer.status == status)
            #expect(text.isEmpty ? answer.body.isEmpty : answer.body.contains(text))
        }
    }

    @Test func missingParts() async throws {
        try await withSimulator { _, client in
            #expect(try await client.get(Self.call + "05").body.contains("status_code") == false)
            let body = try await client.get(Self.call + "06").body
            #expect(body.contains("<status_code>200<") && !body.contains("call_id"))
            // An id that needs encoding is found again.
            _ = try await client.get(Self.call + "08")
            let release = try await client.get("/orange/call/releaseCall.xml?id=K&call_id=a%2Fb%20c%2B%C3%A9%261")
            #expect(release.body.contains("<status_code>200<"))
        }
    }

    @Test(arguments: [
        ("call/createCall.xml?from=33639980051&to=33639980300", "401"),
        ("call/createCall.xml?id=wrong&from=33639980051&to=33639980300", "401"),
        ("call/createCall.xml?id=K&from=%2B33639980051&to=33639980300", "400"),
        ("call/createCall.xml?id=K&from=0639980051&to=33639980300", "400"),
        ("call/createCall.xml?id=K&amp;from=33639980051&amp;to=33639980300", "400"),
        ("call/createCall.xml?id=K&none=none&duration=20", "400"), ("call/releaseCall.xml?id=K", "400"),
        ("conf/addCaller.xml?id=K&conf_id=1&caller_numbers=33639980051", "404"),
        ("conf/createCall.xml?id=K&from=33639980051&to=1", "404"),
        ("conf/createConference.xml?id=K&access_mode=caller", "400"),
        ("conf/createConference.xml?id=K&access_mode=room+caller", "400"),
        ("conf/createConference.xml?id=K&access_mode=room%2Bcaller&duration=20", "200"),
        ("conf/createConference.xml?id=K&none=none&duration=20", "200"),
        ("sms/sendSMS.xml?id=K&to=33639980051", "400"), ("sms/getHistory.xml?id=K&callid=1", "404"),
    ])
    func codes(_ target: String, _ code: String) async throws {
        try await withSimulator {
            $0.orangeKey = "K"
        } _: { _, client in
            let answer = try await client.get("/orange/\(target)")
            #expect(answer.status == 200)
            #expect(answer.body.contains("<status_code>\(code)</status_code>"), "\(answer.body)")
        }
    }

    @Test func formsAndMethods() async throws {
        try await withSimulator { _, client in
            let answer = try await client.send(
                .post, "/orange/sms/sendSMS.xml", headers: [("Content-Type", "application/x-www-form-urlencoded")],
                body: "id=K&to=33639980051&content=caf%E9+%u20AC")
            #expect(callID(answer) != nil)
            #expect(try await client.send(.delete, Self.call + "00").status == 405)
            #expect(try await client.get("/orange/location/getLocation.xml?id=K").status == 404)
        }
    }

    @Test func historyOfAMessage() async throws {
        try await withSimulator {
            $0.speed = 0.001
        } _: { simulator, client in
            let sent = try await client.get("/orange/sms/sendSMS.xml?id=K&to=33639980051&content=a%E9")
            let history = "/orange/sms/getHistory.xml?id=K&callid=\(try #require(callID(sent)))"
            #expect(try await client.get(history).body.contains("<state>sent</state>"))
            try await simulator.play(#"{"orange":{"answer":"getHistory","state":"Lost & found"}}"#)
            #expect(try await client.get(history).body.contains("<state>Lost &amp; found</state>"))
        }
    }

    @Test func rules() async throws {
        try await withSimulator { simulator, client in
            try await simulator.play(
                #"{"orange":{"answer":"createCall","number":"33639980300","times":1,"code":450,"#
                    + #""message":"é ]]>","charset":"latin-1"}}"#
            )
            try await simulator.play(#"{"orange":{"answer":"createCall","number":"33639980301","id":"mine"}}"#)
            let refused = try await client.get(Self.call + "00")
            #expect(refused.body.contains("<status_code>450<"))
            #expect(refused.body.contains("<![CDATA[\u{FFFD} ]]]]><![CDATA[>]]>"))
            #expect(try await client.get(Self.call + "00").body.contains("<status_code>200<"))
            #expect(callID(try await client.get(Self.call + "01")) == "mine")
            #expect(try await client.send(.post, "/control/reset").status == 204)
            #expect(try await client.get(Self.call + "01").body.contains("<status_code>450<"))
        }
    }

    @Test func requestFaults() async throws {
        try await withSimulator { simulator, client in
            try await simulator.play(
                #"{"fault":{"provider":"orange","kind":"cut","when":"after","path":"createCall"}}"#)
            await #expect(throws: TestClient.Cut.self) { try await client.get(Self.call + "00") }
            try await simulator.play(#"{"fault":{"provider":"orange","kind":"status","value":503}}"#)
            #expect(try await client.get(Self.call + "00").status == 503)
            #expect(try await client.get(Self.call + "00").status == 200)
            #expect(simulator.log.requests.map(\.provider) == [.orange, .orange, .orange])
        }
    }

    @Test(arguments: OrangeNotice.Method.allCases)
    func conference(method: OrangeNotice.Method) async throws {
        try await PushReceiver.run { receiver in
            try await withSimulator {
                $0.speed = 50
                $0.orangeNoticeMethod = method
                $0.orangeNoticeNames = try OrangeNotice.Names("state=etat,number=")
            } _: { simulator, client in
                let guests = "33639980051,%2033639980052"
                let made = try await client.get(
                    "/orange/conf/createConference.xml?id=K&access_mode=caller&caller_numbers=\(guests)"
                )
                let conference = try #require(made.body.firstMatch(of: /<conference>\s+<id>([0-9]+)<\/id>/)).1
                let added = try await client.get(
                    "/orange/conf/addCaller.xml?id=K&conf_id=\(conference)&caller_numbers=\(guests)")
                #expect(added.body.contains("<status_code>200<"))
                try await simulator.play(
                    #"{"orange":{"answer":"conferenceCall","number":"33639980053","code":450}}"#)
                try await simulator.play(
                    #"{"orange":{"answer":"conferenceCall","number":"33639980052","extra":{"a b":"*"},"#
                        + #""states":[{"after":0,"state":"là"}]}}"#)
                func guest(_ number: String) async throws -> TestClient.Answer {
                    let url = PercentText.encode("http://127.0.0.1:\(receiver.port)/n?s=1")
                    return try await client.get(
                        "/orange/conf/createCall.xml?id=K&from=\(number)&to=\(conference)&notification_url=\(url)")
                }
                #expect(try await guest("33639980053").body.contains("<status_code>450<"))
                let second = try #require(callID(try await guest("33639980052")))
                try await until { receiver.taken.count == 1 }
                let form = "call_id=\(second)&etat=l%C3%A0&conf_id=\(conference)&a%20b=%2A"
                let first = receiver.taken[0]
                #expect(first.target == (method == .get ? "/n?s=1&\(form)" : "/n?s=1"))
                #expect(first.text == (method == .get ? "" : form))
                #expect(first.header("Content-Type") == (method == .get ? nil : "application/x-www-form-urlencoded"))
                let third = try #require(callID(try await guest("33639980320")))
                try await until { receiver.taken.count == 3 }
                let texts = receiver.taken.dropFirst().map { $0.target + $0.text }
                #expect(texts.allSatisfy { $0.contains("call_id=\(third)&") })
                #expect(Set(texts.compactMap { $0.firstMatch(of: /etat=(\w+)/)?.1 }) == ["calling", "refused"])
            }
        }
    }

    @Test func releasedGuestLeaves() async throws {
        try await PushReceiver.run { receiver in
            try await withSimulator { simulator, client in
                let made = try await client.get("/orange/conf/createConference.xml?id=K")
                let conference = try #require(made.body.firstMatch(of: /<id>([0-9]+)<\/id>/)).1
                try await simulator.play(
                    #"{"orange":{"answer":"conferenceCall","states":[{"state":"joined"},"#
                        + #"{"after":3600000,"state":"x"}]}}"#
                )
                let url = PercentText.encode("http://127.0.0.1:\(receiver.port)/")
                let guest = try await client.get(
                    "/orange/conf/createCall.xml?id=K&from=33639980051&to=\(conference)&notification_url=\(url)")
                try await until { receiver.taken.count == 1 }
                let id = try #require(callID(guest))
                _ = try await client.get("/orange/call/releaseCall.xml?id=K&call_id=\(id)")
                try await until { receiver.taken.count == 2 }
                #expect(receiver.taken.map { $0.raw("state") } == ["joined", "left"])
                #expect(simulator.orange.notice(id, "x") == nil)
                let elsewhere = try await client.get(
                    "/orange/conf/createCall.xml?id=K&from=33639980051&to=\(conference)"
                        + "&notification_url=http://8.8.8.8/")
                #expect(elsewhere.body.contains("<status_code>400<"))
            }
        }
    }

    @Test(arguments: [
        (#""sms":"POLL A""#, "api=receiveSMS&from=33639980001&to=20345&content=POLL+A"),
        (
            #""sms":"café","blank":"%20","from":"33639980052""#,
            "api=receiveSMS&from=33639980052&to=20345&content=caf%C3%A9"
        ),
        (#""sms":"a b+%","escape":"latin-1","api":null"#, "from=33639980001&to=20345&content=a+b%2B%25"),
        (#""sms":"café","escape":"latin-1""#, "api=receiveSMS&from=33639980001&to=20345&content=caf%E9"),
        (
            #""sms":"é 5 €","escape":"percent-u","blank":"%20""#,
            "api=receiveSMS&from=33639980001&to=20345&content=%E9%205%20%u20AC"
        ),
        (#""mms":"","to":"startapp""#, "api=receiveMMS&from=33639980001&to=startapp&content="),
        (#""query":"x=%zz&amp;y""#, "x=%zz&amp;y"),
    ])
    func receivedMessages(_ members: String, _ query: String) async throws {
        try await PushReceiver.run { receiver in
            try await withSimulator {
                $0.orangeTargets = [try PushTarget("http://127.0.0.1:\(receiver.port)/recv?k=1", option: "test")]
            } _: { simulator, _ in
                try await simulator.play(#"{"orange":{\#(members)}}"#)
                try await until { receiver.taken.count == 1 }
                #expect(receiver.taken[0].method == "GET")
                #expect(receiver.taken[0].target == "/recv?k=1&\(query)")
                try await until { simulator.log.notifications.first?.status == 200 }
            }
        }
    }

    @Test(arguments: ["call", "state", "x=1", "call=a;state=b,y"])
    func badNames(_ text: String) {
        #expect(throws: SimulatorError.self) { try OrangeNotice.Names(text) }
    }
}
