import Testing

@testable import ProviderSimulator

@Suite(.timeLimit(.minutes(2))) struct FaultTests {
    private static let dial = "/voipgrid/api/clicktodial/"
    private static let login = [("Authorization", "Token u:t"), ("Content-Type", "application/json")]

    private func fault(_ client: TestClient, _ body: String) async throws {
        #expect(try await client.send(.post, "/control/fault", body: body).status == 204)
    }

    @Test func statusWithHeaders() async throws {
        try await withSimulator {
            $0.hold = .milliseconds(10)
        } _: { _, client in
            try await fault(
                client,
                #"{"provider":"ovh","kind":"status","value":429,"count":2,"body":"slow down","#
                    + #""headers":{"Retry-After":"3"}}"#)
            for _ in 0..<2 {
                let answer = try await client.get("/ovh/?token=T")
                #expect(answer.status == 429)
                #expect(answer.header("Retry-After") == "3")
                #expect(answer.body == "slow down")
            }
            #expect(try await client.get("/ovh/?token=T").status == 200)
        }
    }

    @Test func onlyTheChosenRequests() async throws {
        try await withSimulator {
            $0.hold = .milliseconds(10)
        } _: { _, client in
            try await fault(client, #"{"provider":"ovh","kind":"garbage","token":"U"}"#)
            try await fault(
                client, #"{"provider":"ovh","kind":"status","value":500,"path":"subscribe","method":"POST"}"#)
            #expect(try json(try await client.get("/ovh/?token=T").body)["Events"] != nil)
            let garbage = try await client.get("/ovh/?token=U")
            #expect(garbage.status == 200)
            #expect(throws: JSONFault.self) { try json(garbage.body) }
            #expect(try await client.send(.post, "/ovh/v2/session").status == 200)
            #expect(try await client.send(.post, "/ovh/v2/session/x/subscribe/T").status == 500)
        }
    }

    @Test func cutBeforePlacesNoCallAndAfterDoes() async throws {
        try await withSimulator { simulator, client in
            for (moment, calls) in [("before", 0), ("after", 1)] {
                try await fault(client, #"{"provider":"voipgrid","kind":"cut","when":"\#(moment)","method":"POST"}"#)
                await #expect(throws: TestClient.Cut.self) {
                    try await client.send(
                        .post, Self.dial, headers: Self.login, body: #"{"b_number":"+33639980001"}"#)
                }
                #expect(simulator.voipgrid.callCount == calls)
            }
            #expect(simulator.log.requests.count == 2)
            #expect(simulator.log.requests.allSatisfy { $0.status == nil })
        }
    }

    @Test func cutInTheBody() async throws {
        try await withSimulator {
            $0.hold = .milliseconds(10)
        } _: { _, client in
            try await fault(client, #"{"provider":"ovh","kind":"cut","value":"body"}"#)
            await #expect {
                _ = try await client.get("/ovh/?token=T")
            } throws: { ($0 as? TestClient.Cut)?.received ?? 0 > 0 }
        }
    }

    @Test func hugeBody() async throws {
        try await withSimulator { _, client in
            try await fault(client, #"{"provider":"ovh","kind":"huge","value":10000000}"#)
            #expect(try await client.get("/ovh/?token=T").body.utf8.count == 10_000_000)
        }
    }

    @Test(arguments: ["before", "after"])
    func delay(moment: String) async throws {
        try await withSimulator { _, client in
            try await fault(client, #"{"provider":"keyyo","kind":"delay","value":200,"when":"\#(moment)"}"#)
            let start = ContinuousClock.now
            #expect(try await client.get("/keyyo/makecall.html?ACCOUNT=33199000021&CALLEE=0639980001").body == "OK")
            #expect(ContinuousClock.now - start >= .milliseconds(200))
        }
    }

    @Test func halfOpenEndsOnlyWhenDropped() async throws {
        try await withSimulator {
            $0.hold = .milliseconds(10)
        } _: { simulator, client in
            try await fault(client, #"{"provider":"ovh","kind":"half-open"}"#)
            let poll = Task { try await client.get("/ovh/?token=T") }
            try await until { simulator.requestCount == 1 }
            #expect(try await client.get("/ovh/?token=U").status == 200)
            #expect(simulator.log.count(.ovh, "T").open == 1)
            poll.cancel()
            await #expect(throws: TestClient.Cut.self) { try await poll.value }
            try await until { simulator.log.count(.ovh, "T").open == 0 }
        }
    }

    @Test func dropClosesHeldPollsOfOneProvider() async throws {
        try await withSimulator { simulator, client in
            let poll = Task { try await client.get("/ovh/?token=T") }
            try await until { simulator.requestCount == 1 }
            try await fault(client, #"{"provider":"keyyo","kind":"drop"}"#)
            #expect(simulator.log.count(.ovh, "T").open == 1)
            try await fault(client, #"{"provider":"ovh","kind":"drop"}"#)
            await #expect(throws: TestClient.Cut.self) { try await poll.value }
        }
    }

    @Test func lostSessionLosesEvents() async throws {
        try await withSimulator {
            $0.hold = .milliseconds(50)
        } _: { simulator, client in
            let session = try #require(try json(try await client.get("/ovh/?token=T").body)["Session"]?.text)
            try await simulator.play(ovhLine("start_ringing"))
            try await fault(client, #"{"provider":"ovh","kind":"session-loss"}"#)
            let next = try json(try await client.get("/ovh/?token=T&session=\(session)").body)
            #expect(next.eventNames == [])
            #expect(next["Session"]?.text?.prefix(12) != session.prefix(12))
        }
    }
}
