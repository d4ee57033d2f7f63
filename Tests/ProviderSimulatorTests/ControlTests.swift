import Testing

@testable import ProviderSimulator

@Suite(.timeLimit(.minutes(2))) struct ControlTests {
    @Test func eventFaultLogReset() async throws {
        try await withSimulator {
            $0.hold = .seconds(30)
        } _: { simulator, client in
            let poll = Task { try await client.get("/ovh/?token=T") }
            try await until { simulator.requestCount == 1 }
            #expect(try await client.send(.post, "/control/event", body: ovhLine("start_ringing")).status == 204)
            #expect(try json(try await poll.value.body).eventNames == ["start_ringing"])
            _ = try await client.send(
                .post, "/voipgrid/api/clicktodial/",
                headers: [("Authorization", "Basic dTpw"), ("Content-Type", "application/json")],
                body: #"{"b_number":"+33639980001"}"#)
            let log = try json(try await client.get("/control/log").body)
            let requests = try #require(log["requests"]?.items)
            #expect(log["total"] == .number("2"))
            #expect(requests.map { $0["path"]?.text } == ["/ovh/?token=T", "/voipgrid/api/clicktodial/"])
            #expect(requests.map { $0["status"] } == [.number("200"), .number("200")])
            #expect(requests[1]["authorization"] == .string("Basic"))
            #expect(requests[1]["body"] == .string(#"{"b_number":"+33639980001"}"#))
            #expect(!log.json.contains("dTpw"))
            #expect(log["counts"]?["ovh"]?["T"]?.json == #"{"total":1,"open":0,"most_open":1,"methods":{"GET":1}}"#)
            #expect(try await client.send(.post, "/control/reset").status == 204)
            #expect(try json(try await client.get("/control/log").body)["total"] == .number("0"))
        }
    }

    @Test func labelsLastUntilTheReset() async throws {
        try await withSimulator {
            $0.hold = .milliseconds(10)
        } _: { simulator, client in
            func callID(_ event: String, _ session: String) async throws -> (id: String?, session: String) {
                try await simulator.play(ovhLine(event))
                let reply = try json(try await client.get("/ovh/?token=T&session=\(session)").body)
                return (
                    reply["Events"]?.items?.first?["Data"]?["CallId"]?.text, try #require(reply["Session"]?.text)
                )
            }
            func session() async throws -> String {
                try #require(try json(try await client.get("/ovh/?token=T").body)["Session"]?.text)
            }
            let first = try await callID("start_ringing", try await session())
            let second = try await callID("end_ringing", first.session)
            #expect(first.id != nil)
            #expect(first.id == second.id)
            simulator.reset()
            let third = try await callID("start_ringing", try await session())
            #expect(third.id != nil)
            #expect(third.id != first.id)
        }
    }

    @Test(arguments: [
        ("/control/event", "{", "a name in quotes is missing (column 2)\n"),
        (
            "/control/event", #"{"at":1}"#,
            "a line has \"at\" and exactly one of ovh, keyyo, voipgrid, sfr-dmc, orange, fault, note\n"
        ),
        ("/control/fault", #"{"provider":"ovh"}"#, "\"fault\" needs \"kind\"\n"),
    ])
    func mistakes(_ path: String, _ body: String, _ text: String) async throws {
        try await withSimulator { _, client in
            let answer = try await client.send(.post, path, body: body)
            #expect(answer.status == 400)
            #expect(answer.body == text)
        }
    }

    @Test func portTaken() async throws {
        try await withSimulator { _, client in
            await #expect {
                try await withSimulator({ $0.listen = try LoopbackAddress("127.0.0.1:\(client.port)") }) { _, _ in }
            } throws: {
                $0 as? SimulatorError
                    == .cannotListen(address: "127.0.0.1:\(client.port)", reason: "the port is taken")
            }
        }
    }

    @Test func stopEndsHeldPolls() async throws {
        var poll: Task<TestClient.Answer, any Error>?
        try await withSimulator { simulator, client in
            poll = Task { try await client.get("/ovh/?token=T") }
            try await until { simulator.requestCount == 1 }
        }
        await #expect(throws: TestClient.Cut.self) { try await poll?.value }
    }
}
