import BridgeClient
import CallModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct OrderTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func ask(_ order: OrderRequest, _ answer: FakeDaemon.Answer) async throws -> (
        reply: Result<[UInt8], ClientFailure>, requests: [String]
    ) {
        try await FakeDaemon.serve(at: scratch.socket, [answer]) { daemon in
            let client = Order(client: APIClient(endpoint: try scratch.endpoint), idempotencyKey: "k1")
            let reply: Result<[UInt8], ClientFailure>
            do throws(ClientFailure) { reply = .success(try await client.ask(order)) } catch {
                reply = .failure(error)
            }
            return (reply, daemon.requests)
        }
    }

    @Test func eachOrderIsAPostOfItsOwn() async throws {
        let start = try #require(Timestamp(rfc3339: "2026-11-21T09:30:00Z"))
        let orders: [(OrderRequest, String, String)] = [
            (
                .createConference(source: "l", access: "room", numbers: [], minutes: 20, start: start),
                "/v1/conferences",
                #"{"source":"l","access":"room","duration_minutes":20,"start":"2026-11-21T09:30:00.000Z"}"#
            ),
            (
                .addCallers(source: "l", conference: "6/7", numbers: ["1", "2"]), "/v1/conferences/6%2F7/callers",
                #"{"source":"l","numbers":["1","2"]}"#
            ),
            (
                .callGuests(source: "l", conference: "6", numbers: ["1"]), "/v1/conferences/6/calls",
                #"{"source":"l","numbers":["1"]}"#
            ),
            (
                .sendMessage(source: "l", to: "1", text: "a\"é", from: nil), "/v1/messages",
                #"{"source":"l","to":"1","text":"a\"é"}"#
            ),
        ]
        for (order, path, body) in orders {
            let requests = try await ask(order, .json("202 Accepted", "{}")).requests
            #expect(requests.first?.hasPrefix("POST \(path) HTTP/1.1\r\n") == true)
            #expect(requests.first?.contains("Idempotency-Key: k1\r\n") == true)
            #expect(requests.first?.hasSuffix(body) == true)
        }
    }

    @Test func aLostAnswerIsNeverAskedForAgain() async throws {
        let order = OrderRequest.sendMessage(source: "l", to: "1", text: "x", from: nil)
        for answer in [
            FakeDaemon.Answer(pieces: [Array("HTTP/1.1 202 Acc".utf8)]),
            .json("504 Gateway Timeout", #"{"title":"The result is unknown","status":504,"id":"m9"}"#),
        ] {
            let (reply, requests) = try await ask(order, answer)
            guard case .failure(let failure) = reply else { return #expect(Bool(false), "no failure") }
            #expect(failure.exitCode == 75)
            #expect(failure.description.contains("--idempotency-key k1"))
            #expect(requests.count == 1)
        }
    }

    @Test func guestsAreReadFromTheAnswer() throws {
        let reply = #"""
            {"conference":"6","calls":[{"to":"1","id":"c1","result":"accepted"},
            {"to":"2","id":"c2","result":"refused","problem":{"type":"t","title":"x","detail":"barred"}}]}
            """#
        let guests = try Order.guests(in: Array(reply.utf8))
        #expect(guests.map(\.number) == ["1", "2"])
        #expect(guests.map(\.call) == ["c1", "c2"])
        #expect(guests.map(\.failure) == [nil, "barred"])
        #expect(throws: ClientFailure.self) { try Order.guests(in: Array(#"{"calls":[{"to":"1"}]}"#.utf8)) }
    }
}
