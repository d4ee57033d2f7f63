import Synchronization
import Testing

@testable import ProviderSimulator

@Suite(.timeLimit(.minutes(2))) struct OVHVersionOneTests {
    /// A first poll, already held.
    private func poll(_ simulator: Simulator, _ client: TestClient, _ target: String) async throws
        -> Task<TestClient.Answer, any Error>
    {
        let before = simulator.requestCount
        let poll = Task { try await client.get(target) }
        try await until { simulator.requestCount > before }
        return poll
    }

    @Test func heldPollIsAnsweredAtOnce() async throws {
        try await withSimulator { simulator, client in
            let poll = try await poll(simulator, client, "/ovh/?token=T")
            #expect(simulator.log.count(.ovh, "T").open == 1)
            try await simulator.play(ovhLine("start_ringing"))
            let answer = try await poll.value
            let envelope = try json(answer.body)
            #expect(answer.status == 200)
            #expect(envelope.eventNames == ["start_ringing"])
            #expect(envelope["Message"] == .string(""))
            #expect(envelope["Events"]?.items?.first?["Token"] == .string("T"))
            let expected = RequestCount(total: 1, open: 0, mostOpen: 1, byMethod: ["GET": 1])
            #expect(simulator.log.count(.ovh, "T") == expected)
        }
    }

    @Test(arguments: [false, true])
    func nothingIsLostWithTheSession(awkward: Bool) async throws {
        try await withSimulator {
            $0.awkwardSessions = awkward
        } _: { simulator, client in
            let first = try await poll(simulator, client, "/ovh?token=T")
            try await simulator.play(ovhLine("start_ringing"))
            let session = try #require(try json(try await first.value.body)["Session"]?.text)
            try await simulator.play(ovhLine("start_calling"))
            try await simulator.play(ovhLine("end_calling"))
            let target = "/ovh/?token=T&session=\(PercentText.encode(session))"
            let second = try json(try await client.get(target).body)
            #expect(second.eventNames == ["start_calling", "end_calling"])
            let newest = try #require(second["Session"]?.text)
            #expect(newest != session)
            // The old session again, as after a reply that never arrived: the same events again.
            #expect(try json(try await client.get(target).body).eventNames == ["start_calling", "end_calling"])
            if awkward { #expect(PercentText.encode(newest) != newest) }
        }
    }

    @Test func betweenPollsIsLostWithoutTheSession() async throws {
        try await withSimulator { simulator, client in
            let first = try await poll(simulator, client, "/ovh/?token=T")
            try await simulator.play(ovhLine("start_ringing"))
            _ = try await first.value
            try await simulator.play(ovhLine("start_calling"))
            let second = try await poll(simulator, client, "/ovh/?token=T")
            try await simulator.play(ovhLine("end_calling"))
            #expect(try json(try await second.value.body).eventNames == ["end_calling"])
        }
    }

    @Test func tokensAreApart() async throws {
        try await withSimulator { simulator, client in
            let other = try await poll(simulator, client, "/ovh/?token=U")
            try await simulator.play(ovhLine("start_ringing", token: "T"))
            try await simulator.play(ovhLine("end_calling", token: "U"))
            #expect(try json(try await other.value.body).eventNames == ["end_calling"])
        }
    }

    @Test func eventsWithoutATokenReachEveryKnownOne() async throws {
        try await withSimulator { simulator, client in
            let polls = [
                try await poll(simulator, client, "/ovh/?token=T"), try await poll(simulator, client, "/ovh/?token=U"),
            ]
            try await simulator.play(#"{"ovh":{"event":"registered","line":"0033199000001"}}"#)
            for (poll, token) in zip(polls, ["T", "U"]) {
                let envelope = try json(try await poll.value.body)
                #expect(envelope["Events"]?.items?.first?["Token"] == .string(token))
            }
        }
    }

    @Test(arguments: SimulatorConfiguration.IdleReply.allCases)
    func idleEnd(form: SimulatorConfiguration.IdleReply) async throws {
        try await withSimulator {
            $0.hold = .milliseconds(30)
            $0.idleReply = form
        } _: { simulator, client in
            let answer = try await client.get("/ovh/?token=T")
            #expect(answer.status == 200)
            switch form {
            case .envelope: #expect(try json(answer.body)["Events"] == .array([]))
            case .empty: #expect(answer.body == "")
            case .text: #expect(answer.body == "Timeout, please reconnect")
            }
            #expect(try #require(simulator.log.requests.first?.heldMilliseconds) >= 30)
        }
    }

    @Test func idleEndGivesASessionThatLosesNothing() async throws {
        try await withSimulator {
            $0.hold = .milliseconds(30)
        } _: { simulator, client in
            let session = try #require(try json(try await client.get("/ovh/?token=T").body)["Session"]?.text)
            try await simulator.play(ovhLine("start_ringing"))
            #expect(
                try json(try await client.get("/ovh/?token=T&session=\(session)").body).eventNames == [
                    "start_ringing"
                ])
        }
    }

    @Test func refusesOtherTokens() async throws {
        try await withSimulator {
            $0.tokens = ["GOOD"]
            $0.hold = .milliseconds(10)
        } _: { _, client in
            let refused = try await client.get("/ovh/?token=BAD")
            #expect(refused.status == 403)
            #expect(try await client.get("/ovh/?token=GOOD").status == 200)
            #expect(try await client.get("/ovh/").status == 400)
            #expect(try await client.send(.post, "/ovh/?token=GOOD").status == 405)
        }
    }

    @Test func abandonedPollLeavesNothingBehind() async throws {
        try await withSimulator { simulator, client in
            let first = try await poll(simulator, client, "/ovh/?token=T")
            first.cancel()
            _ = try? await first.value
            try await until { simulator.log.count(.ovh, "T").open == 0 }
            #expect(simulator.log.requests.first?.status == nil)
            #expect(simulator.ovh.state.withLock { $0.feeds["T"]?.waiters.isEmpty } == true)
        }
    }

    @Test func aThousandTokensAtOnce() async throws {
        let count = min(1_000, (raiseDescriptorLimit() - 200) / 2)
        try await withSimulator { simulator, client in
            try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 0..<count {
                    group.addTask {
                        let body = try await client.get("/ovh/?token=T\(number)").body
                        return try json(body)["Events"]?.items?.first?["Token"]?.text
                    }
                }
                try await until { simulator.requestCount == count }
                try await simulator.play(#"{"ovh":{"event":"registered","line":"0033199000001"}}"#)
                var tokens: Set<String> = []
                for try await token in group { tokens.insert(try #require(token)) }
                #expect(tokens.count == count)
            }
        }
    }
}
