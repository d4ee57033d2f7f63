import Testing

@testable import ProviderSimulator

@Suite(.timeLimit(.minutes(2))) struct VoIPGRIDTests {
    private static let login = [
        ("Authorization", "Basic Z2VicnVpa2Vyc25hYW06d2FjaHR3b29yZA=="), ("Content-Type", "application/json"),
    ]
    private static let path = "/voipgrid/api/clicktodial/"

    private func dial(_ client: TestClient, _ number: String = "+33639980001") async throws -> String {
        let answer = try await client.send(
            .post, Self.path, headers: Self.login, body: #"{"b_number":"\#(number)"}"#)
        return try #require(try json(answer.body)["callid"]?.text)
    }

    /// The words seen by a client that polls, repetitions left out, until the call is over.
    private func words(_ client: TestClient, _ id: String) async throws -> [String] {
        var words: [String] = []
        let final = ["disconnected", "blacklisted", "failed_a", "failed_b", "failing_a", "failing_b"]
        while !final.contains(words.last ?? "") {
            let reply = try json(try await client.get("\(Self.path)\(id)/", headers: Self.login).body)
            let word = reply["status"].map { $0.text ?? "null" } ?? "missing"
            if word != words.last { words.append(word) }
        }
        return words
    }

    @Test func replyHasTheTenFieldsOfTheSample() async throws {
        try await withSimulator { _, client in
            let answer = try await client.send(
                .post, Self.path, headers: Self.login,
                body: #"{"b_number":"+33639980001","b_cli":"+33199000030","auto_answer":true}"#)
            guard case .object(let members) = try json(answer.body) else { throw NeverHappened() }
            #expect(answer.status == 200)
            #expect(
                members.map(\.name) == [
                    "a_cli", "a_number", "auto_answer", "b_cli", "b_number", "callid", "created", "originating_ip",
                    "resource_uri", "status",
                ])
            let reply = try json(answer.body)
            #expect(reply["status"] == .string(""))
            #expect(reply["auto_answer"] == .bool(true))
            #expect(reply["created"]?.text?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) != nil)
            #expect(reply["resource_uri"]?.text == "/api/clicktodial/\(reply["callid"]?.text ?? "")/")
        }
    }

    @Test func usualCallByToken() async throws {
        try await withSimulator {
            $0.speed = 40
            $0.voipgridUser = "agent@example.nl"
            $0.voipgridToken = "s3cret"
        } _: { _, client in
            let headers = [
                ("Authorization", "Token agent@example.nl:s3cret"), ("Content-Type", "application/json; charset=utf-8"),
            ]
            let answer = try await client.send(.post, Self.path, headers: headers, body: #"{"b_number":"238"}"#)
            #expect(answer.status == 200)
            #expect(try await client.get(Self.path, headers: headers).status == 405)
            #expect(try await client.send(.post, Self.path, headers: Self.login, body: "{}").status == 401)
        }
    }

    @Test(arguments: [
        (0, ["", "dialing_a", "dialing_b", "connected", "disconnected"]), (1, ["", "dialing_a", "failed_a"]),
        (2, ["", "dialing_a", "failing_a"]), (3, ["", "dialing_a", "dialing_b", "failed_b"]),
        (4, ["", "dialing_a", "dialing_b", "failing_b"]), (5, ["", "blacklisted"]),
        (6, ["", "dialing_a", "confirm", "dialing_b", "connected", "disconnected"]),
        (8, ["", "dialing_a", "dialing_b", "Unknown_Status", "connected", "disconnected"]),
        (9, ["null", "connected", "disconnected"]), (10, ["missing", "disconnected"]),
        (12, ["", "dialing_a", "dialing_b", "connected", "null", "disconnected"]),
    ])
    func numberChoosesTheEnd(_ number: Int, _ expected: [String]) async throws {
        #expect(ClickToDialEnd(number: "06399801\(padded(number, 2))").steps.count == expected.count)
        try await withSimulator {
            $0.speed = 10
        } _: { _, client in
            let id = try await dial(client, "+336399801\(padded(number, 2))")
            // A busy machine may miss a state between two polls, as real clients do; never the order or the end.
            let seen = try await words(client, id)
            #expect(seen.last == expected.last)
            var rest = expected[...]
            for word in seen {
                let index = try #require(rest.firstIndex(of: word))
                rest = rest[index...].dropFirst()
            }
        }
    }

    @Test func endlessOnesDoNotEnd() {
        for end in [ClickToDialEnd.neverEnds, .silentA] {
            #expect(!end.steps.contains { $0.status == .word("disconnected") })
        }
    }

    @Test func hangUp() async throws {
        try await withSimulator { _, client in
            let id = try await dial(client)
            let target = "\(Self.path)\(id)/"
            #expect(try await client.send(.delete, target, headers: Self.login).status == 204)
            let reply = try json(try await client.get(target, headers: Self.login).body)
            #expect(reply["status"] == .string("disconnected"))
            let again = try await client.send(.delete, target, headers: Self.login)
            #expect(again.status == 400)
            #expect(again.body.contains("already disconnected"))
        }
    }

    @Test func addressesAndLogins() async throws {
        try await withSimulator {
            $0.voipgridUser = "gebruikersnaam"
            $0.voipgridPassword = "wachtwoord"
        } _: { _, client in
            let id = try await dial(client)
            let unknown = try await client.get(Self.path + "unknown/", headers: Self.login)
            #expect(unknown.status == 404)
            #expect(unknown.body == "")
            #expect(try await client.get(Self.path + id + "/").status == 401)
            let wrong = [("Authorization", "Basic dTpw")]
            #expect(try await client.get(Self.path + id + "/", headers: wrong).status == 401)
            let slashless = try await client.get(Self.path + id, headers: Self.login)
            #expect(slashless.status == 301)
            #expect(slashless.header("Location") == Self.path + id + "/")
            #expect(try await client.send(.post, "/voipgrid/api/clicktodial", headers: Self.login).status == 404)
        }
    }

    @Test(arguments: [
        (#"{"b_number":"abc"}"#, 400, "Extensions or phonenumbers not valid"),
        (#"{}"#, 400, "Extensions or phonenumbers not valid"),
        (#"{"b_number":33}"#, 400, "Extensions or phonenumbers not valid"),
        (#"{"b_number":"+33639980001","auto_answer":"yes"}"#, 400, #"{"description":"auto_answer is not a boolean"}"#),
        (#"{"b_number":"+33639980152"}"#, 400, "This number is not permitted."),
        (#"{"b_number":"+33639980151"}"#, 400, #"{"description":"Extensions or phonenumbers not valid"}"#),
        (#"{"b_number":"+33639980157"}"#, 200, #"{"status":""}"#),
        ("nonsense", 400, #"{"error_message":"The body is not a JSON object."}"#),
    ])
    func refusals(_ body: String, _ status: Int, _ text: String) async throws {
        try await withSimulator { _, client in
            let answer = try await client.send(.post, Self.path, headers: Self.login, body: body)
            #expect(answer.status == status)
            #expect(answer.body == text)
        }
    }

    @Test func contentTypeIsNeeded() async throws {
        try await withSimulator { _, client in
            let answer = try await client.send(
                .post, Self.path, headers: [Self.login[0]], body: #"{"b_number":"+33639980001"}"#)
            #expect(answer.status == 415)
        }
    }

    @Test func scenarioScripts() async throws {
        try await withSimulator { simulator, client in
            try await simulator.play(
                #"{"voipgrid":{"b_number":"+33639980040","times":1,"bare":true,"status":[{"status":"failed_b"}]}}"#)
            try await simulator.play(#"{"voipgrid":{"callid":"somebody-else's","status":[{"status":"connected"}]}}"#)
            let id = try await dial(client, "+33639980040")
            #expect(try await client.get("\(Self.path)\(id)/", headers: Self.login).body == #"{"status":"failed_b"}"#)
            let second = try await dial(client, "+33639980040")
            let reply = try json(try await client.get("\(Self.path)\(second)/", headers: Self.login).body)
            // One time only: the second call takes the ordinary course, however far it has come by now.
            #expect(reply["status"] != .string("failed_b") && reply["callid"] != nil)
            let other = try await client.get("\(Self.path)somebody-else%27s/", headers: Self.login)
            #expect(try json(other.body)["status"] == .string("connected"))
        }
    }
}
