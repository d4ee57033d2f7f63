import Testing

@testable import ProviderSimulator

@Suite(.timeLimit(.minutes(2))) struct OVHVersionTwoTests {
    private func session(_ client: TestClient) async throws -> String {
        let answer = try await client.send(.post, "/ovh/v2/session")
        let reply = try json(answer.body)
        for name in ["creation", "lastUpdate", "lastConnection"] {
            #expect(reply[name]?.text?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?\+0[12]:00/) != nil)
        }
        return try #require(reply["id"]?.text)
    }

    @Test func subscribeAndPoll() async throws {
        try await withSimulator { simulator, client in
            let id = try await session(client)
            let subscribed = try await client.send(.post, "/ovh/v2/session/\(id)/subscribe/T")
            #expect(subscribed.body == "Successfully subscribed on token T")
            let poll = Task { try await client.get("/ovh/v2/session/\(id)/events/poll") }
            try await until { simulator.log.count(.ovh, id).open == 1 }
            try await simulator.play(ovhLine("start_ringing", token: "U"))
            try await simulator.play(ovhLine("start_ringing"))
            let events = try #require(try json(try await poll.value.body).items)
            #expect(events.map { $0["token"] } == [.string("T")])
            #expect(events.first?["data"]?["Ts"]?.text != nil)
            try await simulator.play(ovhLine("end_ringing"))
            try await simulator.play(ovhLine("start_calling"))
            let rest = try json(try await client.get("/ovh/v2/session/\(id)/events/poll").body)
            #expect(rest.items?.map { $0["event"] } == [.string("end_ringing"), .string("start_calling")])
        }
    }

    @Test func idleEndAsksToReconnectAndEndsTheSession() async throws {
        try await withSimulator {
            $0.hold = .milliseconds(20)
        } _: { _, client in
            let id = try await session(client)
            let idle = try await client.get("/ovh/v2/session/\(id)/events/poll")
            #expect(idle.status == 200)
            #expect(idle.body == "Timeout, please reconnect")
            let after = try await client.get("/ovh/v2/session/\(id)/events/poll")
            #expect(after.status == 404)
        }
    }

    @Test func unknownSessionAndToken() async throws {
        try await withSimulator {
            $0.tokens = ["GOOD"]
        } _: { _, client in
            #expect(try await client.get("/ovh/v2/session/nope/events/poll").status == 404)
            #expect(try await client.send(.post, "/ovh/v2/session/nope/subscribe/GOOD").status == 404)
            let id = try await session(client)
            #expect(try await client.send(.post, "/ovh/v2/session/\(id)/subscribe/BAD").status == 403)
            #expect(try await client.send(.post, "/ovh/v2/session/\(id)/subscribe/GOOD").status == 200)
            #expect(try await client.get("/ovh/v2/session").status == 405)
        }
    }

    @Test func lostSessionIsNotFound() async throws {
        try await withSimulator { simulator, client in
            let id = try await session(client)
            _ = try await client.send(.post, "/ovh/v2/session/\(id)/subscribe/T")
            let poll = Task { try await client.get("/ovh/v2/session/\(id)/events/poll") }
            try await until { simulator.log.count(.ovh, id).open == 1 }
            try await simulator.play(#"{"fault":{"provider":"ovh","kind":"session-loss","token":"U"}}"#)
            #expect(simulator.log.count(.ovh, id).open == 1)
            try await simulator.play(#"{"fault":{"provider":"ovh","kind":"session-loss","token":"T"}}"#)
            #expect(try await poll.value.status == 404)
        }
    }
}
