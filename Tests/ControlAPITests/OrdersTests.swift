import CallModel
import ControlAPI
import Synchronization
import Testing

extension ControlAPITests {
    @Suite
    struct OrdersTests {
        private static let source = SourceName(provider: "orange", name: "legacy")

        private func post(
            _ bridge: TestBridge, _ path: String, _ body: String, headers: String = "Idempotency-Key: k1\r\n"
        ) async throws -> (status: Int, json: JSON, client: TestClient) {
            try await bridge.request(
                "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\(headers)"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }

        @Test func aConferenceIsCreated() async throws {
            try await TestBridge.serve { bridge in
                let answer = try await post(
                    bridge, "/v1/conferences",
                    #"{"source":"legacy","access":"room+caller","numbers":["+33199000001"],"duration_minutes":20,"start":"2026-11-21T09:30:00Z"}"#
                )
                #expect(answer.status == 201)
                #expect(answer.json.conference?.text == "6789")
                #expect(
                    bridge.orders.state.withLock { $0.conferences } == [
                        ConferenceRequest(
                            source: Self.source, access: .roomAndCaller, numbers: ["+33199000001"], minutes: 20,
                            start: TestBridge.now, idempotencyKey: "k1")
                    ])
            }
        }

        /// Its answer stands whatever became of the source.
        @Test func aRequestThatWasAnsweredBeforeKnowsItsSource() async throws {
            try await TestBridge.serve { bridge in
                let (body, path) = (#"{"source":"gone","to":"1","text":"x"}"#, "/v1/messages")
                let gone = SourceName(provider: "orange", name: "gone")
                #expect(try await post(bridge, path, body).status == 422)
                bridge.orders.state.withLock { $0.claimed["k1"] = gone }
                #expect(try await post(bridge, path, body).status == 202)
                #expect(bridge.orders.state.withLock { $0.messages.map(\.source) } == [gone])
                #expect(try await post(bridge, path, body, headers: "Idempotency-Key: k2\r\n").status == 422)
                bridge.calls.state.withLock { $0.claimed["k1"] = gone }
                let placed = try await post(bridge, "/v1/calls", #"{"source":"orange/gone","to":"1"}"#)
                #expect(placed.status == 202)
            }
        }

        /// A key that cannot be looked up is not free.
        @Test func nothingIsOrderedWhileKeysCannotBeLookedUp() async throws {
            try await TestBridge.serve { bridge in
                bridge.orders.state.withLock { $0.lookupFailure = .unavailable(.journal) }
                bridge.calls.state.withLock { $0.lookupFailure = .unavailable(.journal) }
                let text = try await post(bridge, "/v1/messages", #"{"source":"legacy","to":"1","text":"x"}"#)
                #expect(text.status == 503)
                #expect(bridge.orders.state.withLock(\.messages).isEmpty)
                let placed = try await post(bridge, "/v1/calls", #"{"source":"legacy","to":"1"}"#)
                #expect(placed.status == 503)
                #expect(bridge.calls.state.withLock(\.placed).isEmpty)
            }
        }

        @Test func callersAreLetIn() async throws {
            try await TestBridge.serve { bridge in
                let answer = try await post(
                    bridge, "/v1/conferences/67%2F89/callers", #"{"source":"orange/legacy","numbers":["1","2, 3"]}"#)
                #expect(answer.status == 200)
                #expect(answer.json.conference?.text == "67/89")
                #expect(bridge.orders.state.withLock { $0.added.map(\.numbers) } == [["1", "2, 3"]])
            }
        }

        @Test func eachGuestHasAnAnswerOfItsOwn() async throws {
            try await TestBridge.serve { bridge in
                let answer = try await post(
                    bridge, "/v1/conferences/6789/calls", #"{"source":"legacy","numbers":["1","2","3"]}"#)
                #expect(answer.status == 202)
                let calls = answer.json.calls?.array ?? []
                #expect(calls.compactMap { $0.id?.text } == ["c0", "c1", "c2"])
                #expect(calls.compactMap { $0.to?.text } == ["1", "2", "3"])
                #expect(calls.compactMap { $0.result?.text } == ["accepted", "refused", "unknown"])
                #expect(calls.first?.problem == nil)
                #expect(calls.dropFirst().first?.problem?.type?.text == "urn:ctibridge:problem:provider-refused")
            }
        }

        @Test func aTextIsSentWithItsLineBreaks() async throws {
            try await TestBridge.serve { bridge in
                let answer = try await post(
                    bridge, "/v1/messages", #"{"source":"legacy","to":"1","text":"a\nb\té","from":"20345"}"#)
                #expect(answer.status == 202)
                #expect(answer.json.id?.text == "m-new")
                #expect(
                    bridge.orders.state.withLock { $0.messages } == [
                        MessageRequest(
                            source: Self.source, to: "1", text: "a\nb\té", from: "20345", idempotencyKey: "k1")
                    ])
            }
        }

        @Test(arguments: [
            ("/v1/conferences", #"{"source":"legacy","access":"door","duration_minutes":20}"#),
            ("/v1/conferences", #"{"source":"legacy","access":"none"}"#),
            ("/v1/conferences", #"{"source":"legacy","access":"none","duration_minutes":0}"#),
            ("/v1/conferences", #"{"source":"legacy","access":"none","duration_minutes":"20"}"#),
            ("/v1/conferences", #"{"source":"legacy","access":"none","duration_minutes":20,"start":"soon"}"#),
            ("/v1/conferences", #"{"source":"legacy","access":"none","duration_minutes":20,"minutes":1}"#),
            ("/v1/conferences/1/calls", #"{"source":"legacy"}"#),
            ("/v1/conferences/1/calls", #"{"source":"legacy","numbers":[]}"#),
            ("/v1/conferences/1/calls", #"{"source":"legacy","numbers":"1"}"#),
            ("/v1/conferences/1/callers", #"{"source":"legacy","numbers":[1]}"#),
            ("/v1/conferences/1/callers", #"{"source":"legacy","numbers":["1\u0000"]}"#),
            ("/v1/messages", #"{"source":"legacy","to":"1"}"#),
            ("/v1/messages", #"{"source":"legacy","to":"1","text":""}"#),
            ("/v1/messages", #"{"source":"legacy","to":"1","text":"\u001b[31m"}"#), ("/v1/messages", "[]"),
        ])
        func aBodyIsReadStrictly(path: String, body: String) async throws {
            try await TestBridge.serve { bridge in
                let answer = try await post(bridge, path, body)
                #expect(answer.status == 400)
                #expect(answer.json.type?.text == "urn:ctibridge:problem:invalid-body")
            }
        }

        @Test(arguments: [
            "/v1/conferences/", "/v1/conferences/1", "/v1/conferences//calls", "/v1/conferences/1/guests",
            "/v1/conferences/1/calls/2", "/v1/message",
        ])
        func nothingElseIsThere(path: String) async throws {
            try await TestBridge.serve { bridge in
                let answer = try await post(bridge, path, "{}")
                #expect(answer.status == 404)
            }
        }

        @Test func ordersArePosted() async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.request("GET /v1/messages HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(answer.status == 405)
                #expect(answer.client.header("allow") == "POST")
            }
        }

        @Test(arguments: [
            (CallControlError.cannotPlace, 409, "cannot-place"), (.invalid("x"), 422, "invalid-order"),
            (.refused(status: 450, text: "no"), 502, "provider-refused"),
            (.resultUnknown(call: CallID(rawValue: "m7")), 504, "result-unknown"),
            (.idempotencyConflict, 422, "idempotency-key-reused"), (.unknownSource, 422, "unknown-source"),
        ])
        func eachFailureHasItsProblem(error: CallControlError, status: Int, kind: String) async throws {
            try await TestBridge.serve { bridge in
                bridge.orders.state.withLock { $0.failure = error }
                let answer = try await post(bridge, "/v1/messages", #"{"source":"legacy","to":"1","text":"x"}"#)
                #expect(answer.status == status)
                #expect(answer.json.type?.text == "urn:ctibridge:problem:\(kind)")
                if case .resultUnknown = error {
                    #expect(answer.json.id?.text == "m7")
                    #expect(answer.client.header("location") == nil)
                }
            }
        }
    }
}
