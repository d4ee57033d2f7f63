import CallModel
import ControlAPI
import EventJournal
import Synchronization
import Testing

extension ControlAPITests {
    @Suite
    struct CallsTests {
        static func stored(
            _ id: String, _ state: CallState, _ outcome: Outcome?, number: String, minutesAgo: Int64
        ) -> StoredCall {
            StoredCall(
                id: CallID(rawValue: id), source: SourceName("ovh/paris")!, state: state, direction: .inbound,
                outcome: outcome, remoteNumber: number,
                started: TestBridge.now.advanced(by: .minutes(-minutesAgo)), updated: TestBridge.now,
                json: Array(#"{"id":"\#(id)","state":"\#(state.rawValue)"}"#.utf8)
            )
        }

        @Test(arguments: [
            ("", ["a/b", "b", "c"]), ("?state=ringing", ["a/b"]), ("?state=ringing,connected", ["a/b"]),
            ("?outcome=missed", ["b"]), ("?outcome=missed,no_answer", ["b", "c"]),
            ("?number=+33639980002", ["b"]), ("?number=%2B33639980002", ["b"]),
            ("?number=0033%206%2039%2098%2000%2002", ["b"]),
            ("?since=45m", ["a/b"]),
            ("?until=45m", ["b", "c"]), ("?since=90m&until=2026-11-21T09:00:00Z", ["b"]), ("?limit=2", ["a/b", "b"]),
        ])
        func callsAreListed(query: String, expected: [String]) async throws {
            try await TestBridge.serve { bridge in
                try bridge.publish(
                    [],
                    calls: [
                        Self.stored("c", .ended, .noAnswer, number: "+33639980003", minutesAgo: 120),
                        Self.stored("b", .ended, .missed, number: "+33639980002", minutesAgo: 60),
                        Self.stored("a/b", .ringing, nil, number: "+33639980001", minutesAgo: 1),
                    ]
                )
                let answer = try await bridge.get("/v1/calls\(query)")
                #expect(answer.status == 200)
                #expect(answer.json.calls?.array.compactMap { $0.id?.text } == expected)
            }
        }

        @Test(arguments: ["state=over", "outcome=lost", "limit=0", "limit=1001", "limit=ten", "since=x", "sort=up"])
        func aBadListParameterIsNamed(query: String) async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.get("/v1/calls?\(query)")
                #expect(answer.status == 400)
                #expect(answer.json.parameter?.text == String(query.prefix { $0 != "=" }))
            }
        }

        @Test
        func aCallIsShownWithAllThatWasSaidAboutIt() async throws {
            try await TestBridge.serve { bridge in
                let id = "call/1 é"
                func draft(_ number: Int) -> EventDraft {
                    var draft = TestBridge.draft(number)
                    draft.subject = id
                    return draft
                }
                let source = SourceName("ovh/paris")!
                let text = Delivery(
                    source: source, observed: TestBridge.now, kind: .poll, body: Array("{\"a\":\"é\"}".utf8),
                    attributes: ["status": "200"]
                )
                let binary = Delivery(source: source, observed: TestBridge.now, kind: .webhook, body: [0xFF, 0xFE])
                let call = Self.stored(id, .ringing, nil, number: "+33639980001", minutesAgo: 1)
                try bridge.publish([draft(1), draft(2)], delivery: text, calls: [call])
                try bridge.publish([draft(3)], delivery: binary)
                try bridge.publish([draft(4)])
                let answer = try await bridge.get("/v1/calls/call%2F1%20%C3%A9")
                #expect(answer.status == 200)
                #expect(answer.json.call?.id?.text == id)
                let history = answer.json.history?.array ?? []
                #expect(history.compactMap { $0.seq?.number } == [1, 2, 3, 4])
                #expect(history.first?.event?.type?.text == "call.ringing")
                #expect(history.first?.delivery?[dynamicMember: "text"]?.text == "{\"a\":\"é\"}")
                #expect(history.first?.delivery?.attributes?.status?.text == "200")
                try #require(history.count == 4)
                #expect(history[1].delivery?.same_as?.number == 1)
                #expect(history[2].delivery?.base64?.text == "//4=")
                #expect(history[3].delivery == nil)
            }
        }

        @Test
        func anUnknownCallIsNotFound() async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.get("/v1/calls/none")
                #expect(answer.status == 404)
                #expect(answer.json.type?.text == "urn:ctibridge:problem:no-such-call")
            }
        }

        @Test
        func aCallIsPlaced() async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.post(
                    #"{"source":"sales","to":"+33199000002","from":"201","name":"Ann","auto_answer":true}"#,
                    headers: "Idempotency-Key: key-1\r\n"
                )
                #expect(answer.status == 202)
                #expect(answer.json.id?.text == "call-new")
                #expect(answer.client.header("location") == "/v1/calls/call-new")
                #expect(
                    bridge.calls.state.withLock { $0.placed } == [
                        PlaceRequest(
                            source: SourceName("voipgrid/sales")!, to: "+33199000002", from: "201", name: "Ann",
                            autoAnswer: true, idempotencyKey: "key-1"
                        )
                    ]
                )
            }
        }

        @Test
        func whatTheProviderCannotBeToldIsNamed() async throws {
            try await TestBridge.serve { bridge in
                let body = #"{"source":"sales","to":"+33199000002","name":"Ann"}"#
                let told = try await bridge.post(body)
                #expect(told.json.ignored == nil)
                bridge.calls.state.withLock { $0.ignored = ["auto_answer", "name"] }
                let untold = try await bridge.post(body)
                #expect(untold.status == 202)
                #expect(untold.json.ignored?.array == [.text("auto_answer"), .text("name")])
            }
        }

        @Test
        func aCallIsFollowed() async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.post(#"{"source":"voipgrid/sales","track":"abc"}"#)
                #expect(answer.status == 202)
                #expect(bridge.calls.state.withLock { $0.tracked } == ["voipgrid/sales abc"])
            }
        }

        @Test(arguments: [
            "", "[]", "{", "null", #"{"to":"1"}"#, #"{"source":"sales"}"#, #"{"source":"sales","to":1}"#,
            #"{"source":"sales","to":null}"#, #"{"source":"sales","to":""}"#, #"{"source":"sales","to":"1\u0000"}"#,
            #"{"source":"sales","to":"1","autoanswer":true}"#, #"{"source":"sales","to":"1","auto_answer":"yes"}"#,
            #"{"source":"sales","track":"1","to":"2"}"#, #"{"source":"sales","to":"1"} x"#,
            #"{"source":"nowhere","to":"1","source":"sales"}"#, #"{"source":"sales","to":"1","t\u006f":"2"}"#,
        ])
        func aBodyIsReadStrictly(body: String) async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.post(body)
                #expect(answer.status == 400)
                #expect(answer.json.type?.text == "urn:ctibridge:problem:invalid-body")
                #expect(bridge.calls.state.withLock { $0.placed.isEmpty && $0.tracked.isEmpty })
            }
        }

        @Test
        func textsMayHoldWhatOtherwiseSeparates() async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.post(#"{"source":"sales","to":"1","name":"a:{\"b\":[}\\"}"#)
                #expect(answer.status == 202)
            }
        }

        @Test
        func anUnknownSourceIsRefusedWithThoseThereAre() async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.post(#"{"source":"nowhere","to":"1"}"#)
                #expect(answer.status == 422)
                #expect(answer.json.allowed?.array.compactMap(\.text) == ["voipgrid/sales", "orange/legacy"])
            }
        }

        @Test
        func anIdempotencyKeyWithSpacesIsRefused() async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.post(#"{"source":"sales","to":"1"}"#, headers: "Idempotency-Key: a b\r\n")
                #expect(answer.status == 400)
                #expect(answer.json.type?.text == "urn:ctibridge:problem:invalid-header")
            }
        }

        static let failures: [(CallControlError, Int, String)] = [
            (.unknownSource, 422, "unknown-source"), (.cannotPlace, 409, "cannot-place"),
            (.invalid("not a number"), 422, "invalid-call"),
            (.refused(status: 403, text: "no"), 502, "provider-refused"),
            (.resultUnknown(call: CallID(rawValue: "call-7")), 504, "result-unknown"), (.notFound, 404, "no-such-call"),
            (.resultUnknown(call: CallID(rawValue: "call-7"), because: "HTTP 504: oops"), 504, "result-unknown"),
            (.endUnknown(call: CallID(rawValue: "call-7")), 504, "result-unknown"),
            (.cannotHangUp, 409, "cannot-hang-up"), (.idempotencyConflict, 422, "idempotency-key-reused"),
            (.waiting(call: CallID(rawValue: "call-7")), 409, "order-waiting"),
            (.unavailable(.journal), 503, ""), (.unavailable(.stopping), 503, ""),
            (.unavailable(.sourceChanged), 503, ""),
        ]

        @Test(arguments: failures)
        func eachFailureHasItsProblem(error: CallControlError, status: Int, kind: String) async throws {
            try await TestBridge.serve { bridge in
                bridge.calls.state.withLock { $0.answer = .failure(error) }
                let placed = try await bridge.post(#"{"source":"sales","to":"1"}"#)
                let ended = try await bridge.request("DELETE /v1/calls/x HTTP/1.1\r\nHost: x\r\n\r\n")
                for answer in [placed, ended] {
                    #expect(answer.status == status)
                    #expect(answer.client.header("content-type") == "application/problem+json")
                    #expect(answer.json.status?.number == Int64(status))
                    #expect(answer.json.type?.text == (kind.isEmpty ? "about:blank" : "urn:ctibridge:problem:\(kind)"))
                }
                if case .resultUnknown(let call, let reason) = error {
                    #expect(placed.json.detail?.text?.contains(reason ?? "is not known: the call") == true)
                    #expect(placed.json.call?.text == call.rawValue)
                    #expect(placed.client.header("location") == "/v1/calls/call-7")
                }
                if case .refused = error { #expect(placed.json.provider_status?.number == 403) }
                if case .unavailable(let obstacle) = error {
                    #expect(placed.client.header("retry-after") == "1")
                    #expect(placed.json.detail?.text?.hasPrefix(obstacle.description) == true)
                }
            }
        }

        @Test
        func aCallIsEnded() async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.request("DELETE /v1/calls/a%2Fb HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(answer.status == 202)
                #expect(bridge.calls.state.withLock { $0.hungUp } == [CallID(rawValue: "a/b")])
            }
        }

        @Test
        func theFingerprintCoversEveryFieldAndNotTheKey() {
            let base = PlaceRequest(source: SourceName("voipgrid/sales")!, to: "12", from: "3")
            var others: [PlaceRequest] = []
            for change: (inout PlaceRequest) -> Void in [
                { $0.to = "1" }, { $0.from = nil }, { $0.from = "" }, { $0.name = "3" }, { $0.autoAnswer = false },
                { $0.source = SourceName("voipgrid/sale")! },
                {
                    $0.to = "1"; $0.from = "23"
                },
            ] {
                var other = base
                change(&other)
                others.append(other)
            }
            #expect(Set((others + [base]).map(\.fingerprint)).count == others.count + 1)
            var repeated = base
            repeated.idempotencyKey = "x"
            #expect(repeated.fingerprint == base.fingerprint)
            #expect(base.fingerprint.count == 64)
        }
    }
}
