import Testing

@testable import ProviderSimulator

@Suite(.timeLimit(.minutes(2))) struct CallNotificationTests {
    private static let login = [("Authorization", "Basic dTpw"), ("Content-Type", "application/json")]
    private static let registrations = "/voipgrid/api/callnotification/callnotification/"
    private static let calls = "/voipgrid/api/clicktodial/"

    private func created(_ more: String = "") -> String {
        #"{"voipgrid":{"event":"created","call":"a","caller":"+33639980031","destination":"+33199000030"\#(more)}}"#
    }

    private func names(_ value: JSONValue?) -> [String] {
        guard case .object(let members) = value else { return [] }
        return members.map(\.name)
    }

    private func withReceiver(
        _ change: (inout SimulatorConfiguration) -> Void = { _ in },
        _ body: (Simulator, TestClient, PushReceiver) async throws -> Void
    ) async throws {
        try await PushReceiver.run { receiver in
            let target = try PushTarget("http://127.0.0.1:\(receiver.port)/hooks", option: "test")
            try await withSimulator {
                $0.voipgridTargets = [target]
                change(&$0)
            } _: { simulator, client in
                try await body(simulator, client, receiver)
            }
        }
    }

    @Test func bothPrintedShapes() async throws {
        try await withReceiver { simulator, _, receiver in
            try await simulator.play(created(#","shape":"2019""#))
            try await until { receiver.taken.count == 1 }
            try await simulator.play(
                #"{"voipgrid":{"event":"created","call":"b","caller":{"number":"+33639980031","name":"Léa | Achats"},"#
                    + #""destination":"+33199000030"}}"#)
            try await until { receiver.taken.count == 2 }
            let old = try json(receiver.taken[0].text)
            #expect(receiver.taken[0].method == "POST")
            #expect(receiver.taken[0].header("Content-Type") == "application/json")
            #expect(names(old) == ["call_id", "timestamp", "status", "version", "direction", "caller", "destination"])
            #expect(names(old["caller"]) == ["number", "name", "account_number", "user_numbers"])
            #expect(old["caller"]?["name"] == .null)
            #expect(names(old["destination"]) == ["number"])
            #expect(old["timestamp"]?.text?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00/) != nil)
            #expect(old["call_id"]?.text?.wholeMatch(of: /[0-9a-f]{12}-\d{10}\.\d{3}/) != nil)
            let new = try json(receiver.taken[1].text)
            #expect(names(new["caller"]).last == "user_emails")
            #expect(new["caller"]?["name"] == .string("Léa | Achats"))
            #expect(new["timestamp"]?.text?.wholeMatch(of: /.*T\d\d:\d\d:\d\d\.\d{6}\+00:00/) != nil)
            #expect(new["call_id"]?.text?.hasPrefix("vgsim-telephony-node-") == true)
        }
    }

    @Test func ringingNamesItsTargets() async throws {
        try await withReceiver { simulator, _, receiver in
            try await simulator.play(created())
            try await until { receiver.taken.count == 1 }
            try await simulator.play(
                #"{"voipgrid":{"event":"ringing","call":"a","caller":"+33639980031","times":2,"data":{"version":null},"#
                    + #""destination":{"number":"+33199000030","targets":[{"account":234,"name":"Alice","#
                    + #""number":"+33199000031","user_numbers":["234"]}]}}}"#)
            try await until { receiver.taken.count == 3 }
            let bodies = try receiver.taken.map { try json($0.text) }
            #expect(Set(bodies.compactMap { $0["call_id"]?.text }).count == 1)
            #expect(bodies[1] == bodies[2])
            #expect(names(bodies[1]["destination"]) == ["number", "targets"])
            let alice = bodies[1]["destination"]?["targets"]?.items?.first
            #expect(alice?["account_number"] == .number("234"))
            #expect(alice?["user_numbers"] == .array([.string("234")]))
            #expect(bodies[1]["reason"] == .string(""))
            #expect(bodies[1]["version"] == nil)
        }
    }

    @Test func clickToDialIsToldUnderAnotherID() async throws {
        try await withReceiver({
            $0.speed = 20
            $0.voipgridNotifiesDials = true
        }) { _, client, receiver in
            let answer = try await client.send(
                .post, Self.calls, headers: Self.login, body: #"{"b_number":"+33639980100"}"#)
            let id = try #require(try json(answer.body)["callid"]?.text)
            try await until { receiver.taken.count == 3 }
            let bodies = try receiver.taken.map { try json($0.text) }
            #expect(Set(bodies.map { $0["status"]?.text }) == ["ringing", "in-progress", "ended"])
            #expect(bodies.allSatisfy { $0["direction"] == .string("outbound") })
            #expect(bodies.allSatisfy { $0["destination"]?["number"] == .string("+33639980100") })
            #expect(bodies[0]["caller"]?["account_number"] == .number("238"))
            let others = Set(bodies.compactMap { $0["call_id"]?.text })
            #expect(others.count == 1)
            #expect(!others.contains(id))
        }
    }

    @Test func dialsAreSilentByDefault() async throws {
        try await withReceiver({ $0.speed = 1_000 }) { simulator, client, receiver in
            _ = try await client.send(.post, Self.calls, headers: Self.login, body: #"{"b_number":"+33639980100"}"#)
            try await simulator.play(
                #"{"voipgrid":{"callid":"x","b_number":"+33639980033","end":"failed_b","notifications":true}}"#)
            try await until { receiver.taken.count == 2 }
            let bodies = try receiver.taken.map { try json($0.text) }
            #expect(bodies.allSatisfy { $0["destination"]?["number"] == .string("+33639980033") })
            #expect(Set(bodies.map { $0["status"]?.text }) == ["ringing", "ended"])
        }
    }

    @Test func hangUpIsToldOnce() async throws {
        try await withReceiver({ $0.voipgridNotifiesDials = true }) { simulator, client, receiver in
            func dial() async throws -> String {
                let answer = try await client.send(
                    .post, Self.calls, headers: Self.login, body: #"{"b_number":"+33639980090"}"#)
                return try #require(try json(answer.body)["callid"]?.text)
            }
            try await simulator.play(
                #"{"voipgrid":{"b_number":"+33639980090","status":[{"status":"connected"},"#
                    + #"{"after":3600000,"status":"disconnected"}]}}"#)
            let id = try await dial()
            try await until { receiver.taken.count == 1 }
            #expect(try await client.send(.delete, "\(Self.calls)\(id)/", headers: Self.login).status == 204)
            try await until { receiver.taken.count == 2 }
            #expect(try json(receiver.taken[1].text)["status"] == .string("ended"))
            #expect(simulator.voipgrid.notification(id, "ended") == nil)
            // What never rang does not end.
            try await simulator.play(#"{"voipgrid":{"b_number":"+33639980090","status":[{"status":"dialing_a"}]}}"#)
            let quiet = try await dial()
            #expect(try await client.send(.delete, "\(Self.calls)\(quiet)/", headers: Self.login).status == 204)
            #expect(simulator.log.notifications.count == 2)
        }
    }

    @Test func registration() async throws {
        try await PushReceiver.run { receiver in
            try await withSimulator { simulator, client in
                let url = "http://127.0.0.1:\(receiver.port)/registered"
                let body = #"{"target_url":"\#(url)","event":"custom"}"#
                #expect(try await client.send(.post, Self.registrations, body: body).status == 401)
                let answer = try await client.send(.post, Self.registrations, headers: Self.login, body: body)
                #expect(answer.status == 201)
                let id = try #require(try json(answer.body)["id"]?.whole)
                try await simulator.play(created())
                try await until { receiver.taken.count == 1 }
                #expect(receiver.taken[0].target == "/registered")
                let address = "\(Self.registrations)\(id)"
                #expect(try await client.send(.delete, address, headers: Self.login).status == 204)
                #expect(try await client.send(.delete, address + "/", headers: Self.login).status == 404)
                try await simulator.play(created())
                #expect(simulator.log.notifications.count == 1)
            }
        }
    }

    @Test(arguments: [
        #"{"target_url":"https://example.com/","event":"custom"}"#,
        #"{"target_url":"http://8.8.8.8/","event":"custom"}"#,
        #"{"target_url":"http://127.0.0.1:9/"}"#, #"{}"#, "x",
    ])
    func refusedRegistrations(_ body: String) async throws {
        try await withSimulator { simulator, client in
            let answer = try await client.send(.post, Self.registrations, headers: Self.login, body: body)
            #expect(answer.status == 400)
            #expect(simulator.subscriptions.targets.isEmpty)
        }
    }

    @Test func faultsOnTheWay() async throws {
        try await withReceiver { simulator, _, receiver in
            try await simulator.play(#"{"fault":{"provider":"voipgrid","kind":"cut","push":true}}"#)
            try await simulator.play(created())
            try await until { receiver.cut.count == 1 }
            try await simulator.play(created())
            try await until { receiver.taken.count == 1 }
        }
    }
}
