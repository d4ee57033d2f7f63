import BridgeClient
import Testing

@Suite(.timeLimit(.minutes(1))) struct PlacementTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func ask(_ answer: FakeDaemon.Answer) async throws -> (
        reply: Result<[UInt8], ClientFailure>, requests: [String]
    ) {
        try await FakeDaemon.serve(at: scratch.socket, [answer]) { daemon in
            let placement = Placement(client: APIClient(endpoint: try scratch.endpoint), idempotencyKey: "k1")
            let request = PlacementRequest.dial(
                source: "sales", to: "+33199000001", from: nil, name: "Zo\"é", autoAnswer: true)
            let reply: Result<[UInt8], ClientFailure>
            do throws(ClientFailure) { reply = .success(try await placement.ask(request)) } catch {
                reply = .failure(error)
            }
            return (reply, daemon.requests)
        }
    }

    @Test func anAcceptedCallGivesItsID() async throws {
        let (reply, requests) = try await ask(.json("202 Accepted", #"{"id":"c-1"}"#))
        #expect(Placement.callID(in: try reply.get()) == "c-1")
        #expect(requests.first?.hasPrefix("POST /v1/calls HTTP/1.1\r\n") == true)
        #expect(requests.first?.contains("Idempotency-Key: k1\r\n") == true)
        #expect(
            requests.first?.hasSuffix(#"{"source":"sales","to":"+33199000001","name":"Zo\"é","auto_answer":true}"#)
                == true)
    }

    @Test func whatTheProviderCannotBeToldIsNamedByItsOptions() {
        let reply = Array(#"{"id":"c-1","ignored":["auto_answer","name"]}"#.utf8)
        #expect(Placement.ignoredOptions(in: reply) == ["--auto-answer", "--name"])
        #expect(Placement.ignoredOptions(in: Array(#"{"id":"c-1"}"#.utf8)) == [])
    }

    @Test func aLostAnswerMeansThatNobodyKnowsAndIsNeverAskedAgain() async throws {
        let (reply, requests) = try await ask(.init(pieces: [Array("HTTP/1.1 202 Acc".utf8)]))
        guard case .failure(let failure) = reply else { return #expect(Bool(false), "no failure") }
        #expect(failure.exitCode == 75)
        #expect(failure.description.contains("may be ringing"))
        #expect(failure.description.contains("--idempotency-key k1"))
        #expect(requests.count == 1)
    }

    @Test func aProviderThatDidNotAnswerIsAnUnknownResult() async throws {
        let body = #"{"title":"The result is unknown","status":504,"call":"c-9"}"#
        guard case .failure(let failure) = try await ask(.json("504 Gateway Timeout", body)).reply else {
            return #expect(Bool(false), "no failure")
        }
        #expect(failure.exitCode == 75)
        #expect(failure.description.contains("c-9"))
    }

    @Test func aProviderThatRefusedIsARefusal() async throws {
        let body = #"{"title":"The provider refused","status":502,"detail":"number barred"}"#
        guard case .failure(let failure) = try await ask(.json("502 Bad Gateway", body)).reply else {
            return #expect(Bool(false), "no failure")
        }
        #expect(failure.exitCode == 1)
        #expect(failure.description == "The provider refused: number barred")
    }

    @Test(arguments: [
        ("502 Bad Gateway", "provider-unreachable", 69), ("502 Bad Gateway", "provider-refused", 1),
        ("422 Unprocessable Content", "unknown-source", 64), ("422 Unprocessable Content", "invalid-call", 64),
        ("422 Unprocessable Content", "idempotency-key-reused", 1), ("400 Bad Request", "anything", 64),
    ])
    func eachRefusalHasItsExitCode(status: String, kind: String, code: Int32) async throws {
        let body = #"{"type":"urn:ctibridge:problem:\#(kind)","title":"A title","detail":"why"}"#
        guard case .failure(let failure) = try await ask(.json(status, body)).reply else {
            return #expect(Bool(false), "no failure")
        }
        #expect(failure.exitCode == code)
        #expect(failure.description == "A title: why")
    }

    @Test func everyPlacementHasAKeyOfItsOwn() {
        let keys = (0..<100).map { _ in PlacementRequest.newIdempotencyKey() }
        #expect(Set(keys).count == 100)
        #expect(keys.allSatisfy { $0.count == 32 })
    }
}
