import CallModel
import Glibc
import NIOCore
import Testing

@testable import BridgeClient

@Suite(.timeLimit(.minutes(1))) struct APIClientTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func ask(
        _ answer: FakeDaemon.Answer, _ request: APIRequest = APIRequest(.get, ["v1", "calls"]),
        silence: Span = .seconds(20)
    ) async throws -> (reply: Result<[UInt8], ClientFailure>, request: String) {
        try await FakeDaemon.serve(at: scratch.socket, [answer]) { daemon in
            let client = APIClient(endpoint: try scratch.endpoint)
            let reply: Result<[UInt8], ClientFailure>
            do throws(ClientFailure) { reply = .success(try await client.reply(to: request, silence: silence)) } catch {
                reply = .failure(error)
            }
            return (reply, daemon.requests.first ?? "")
        }
    }

    private func failure(_ answer: FakeDaemon.Answer, silence: Span = .seconds(20)) async throws -> ClientFailure? {
        if case .failure(let failure) = try await ask(answer, silence: silence).reply { failure } else { nil }
    }

    @Test func readsAChunkedBodyWhole() async throws {
        let pieces = ["{\"a\":", "\"Zo\u{e9}", "\"}"].map { Array($0.utf8) }
        let reply = try await ask(.whole(pieces)).reply
        #expect(try reply.get() == Array(pieces.joined()))
    }

    @Test func sendsPathQueryAndBodyEncoded() async throws {
        let request = APIRequest(
            .post, ["v1", "calls", "a/b c"], query: [.init("number", "+33 6&x=é")], body: Array("{}".utf8),
            idempotencyKey: "key-1")
        let sent = try await ask(.json("200 OK", "{}"), request).request
        #expect(sent.hasPrefix("POST /v1/calls/a%2Fb%20c?number=%2B33%206%26x%3D%C3%A9 HTTP/1.1\r\n"))
        #expect(sent.contains("Idempotency-Key: key-1\r\n"))
        #expect(sent.contains("Content-Length: 2\r\n"))
        #expect(sent.hasSuffix("\r\n\r\n{}"))
    }

    @Test func aProblemDocumentIsToldInItsOwnWords() async throws {
        let body =
            #"{"title":"No such source","status":422,"detail":"none of that name","allowed":["ovh/paris"]}"#
        let failure = try await failure(.json("422 Unprocessable Content", body))
        #expect(failure?.exitCode == 1)
        #expect(failure?.description == "No such source: none of that name (possible: ovh/paris)")
    }

    @Test(arguments: [("result-unknown", 504, 75), ("invalid-order", 422, 64), ("provider-unreachable", 502, 69)])
    func theKindOfAProblemDecidesTheExitCode(_ kind: String, _ status: Int, _ code: Int32) async throws {
        let body = #"{"type":"urn:ctibridge:problem:\#(kind)","title":"x","status":\#(status)}"#
        #expect(try await failure(.json("\(status) x", body))?.exitCode == code)
    }

    @Test func aRefusalThatIsNoProblemDocumentIsToldByItsStatus() async throws {
        let failure = try await failure(.json("500 Internal Server Error", "<html>\u{1b}[2J"))
        #expect(failure?.exitCode == 1)
        #expect(failure?.description == "the daemon answered 500: Internal Server Error")
    }

    @Test func aDaemonThatCannotNowIsATemporaryFailure() async throws {
        #expect(try await failure(.json("503 Service Unavailable", "{}"))?.exitCode == 75)
        #expect(try await failure(.json("429 Too Many Requests", "{}"))?.exitCode == 75)
    }

    @Test(arguments: [
        "", "HTTP", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
    ])
    func aReplyThatBreaksOffIsATemporaryFailure(bytes: String) async throws {
        #expect(try await failure(.init(pieces: [Array(bytes.utf8)]))?.exitCode == 75)
    }

    @Test(arguments: [
        ("garbage\r\n\r\n", "does not speak HTTP"), ("HTTQ/1.1 200 OK\r\n\r\n", "does not speak HTTP"),
        ("{\"specversion\":\"1.0\"", "is an events socket"),
    ])
    func whatDoesNotSpeakHTTPIsToldByWhatItIs(bytes: String, words: String) async throws {
        for end: FakeDaemon.Answer.End in [.close, .stayOpen] {
            let failure = try await failure(.init(pieces: [Array(bytes.utf8)], end: end))
            #expect(failure?.exitCode == 70)
            #expect(
                failure?.description.contains("\(scratch.socket) \(words)") == true
                    || failure?.description.contains("at \(scratch.socket) \(words)") == true)
            #expect(failure?.description.contains("api.sock beside it") == bytes.hasPrefix("{"))
        }
    }

    @Test func whoLacksATokenIsToldWhereItBelongs() throws {
        let refusal = ClientFailure.refused(Problem(status: 401, title: "Unauthorized", detail: "send a token"))
        let without = try Endpoint(url: "http://127.0.0.1:8481", token: nil).explain(refusal)
        #expect(without.exitCode == 1)
        #expect(without.description.contains("CTIBRIDGE_TOKEN is not set"))
        let wrong = try Endpoint(url: "http://127.0.0.1:8481", token: "x").explain(refusal)
        #expect(wrong.description.contains("the token in CTIBRIDGE_TOKEN is none of api.http.tokens"))
        #expect(try scratch.endpoint.explain(refusal) == refusal)
    }

    @Test func aSilentDaemonIsGivenUp() async throws {
        let failure = try await failure(.init(pieces: [], end: .stayOpen), silence: .milliseconds(100))
        #expect(failure?.exitCode == 75)
    }

    @Test func aSocketWithoutAListenerIsADaemonThatDoesNotRun() async throws {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: scratch.socket.utf8) }
        let isBound = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { bind(listener, $0.baseAddress, socklen_t(bytes.count)) == 0 }
        }
        close(listener)
        try #require(isBound)
        let client = APIClient(endpoint: try scratch.endpoint)
        let failure = await #expect(throws: ClientFailure.self) {
            try await client.reply(to: APIRequest(.get, ["v1", "calls"]))
        }
        #expect(failure?.exitCode == 69)
        #expect(failure?.description.hasPrefix("nobody listens on \(scratch.socket)") == true)
    }

    @Test func eachReasonForNotReachingTheDaemonIsToldApart() throws {
        let endpoint = try Endpoint(socketPath: "/run/x.sock")
        func failure(_ code: CInt) -> ClientFailure {
            endpoint.unreachable(because: IOError(errnoCode: code, reason: "x"))
        }
        #expect(failure(EACCES).description.hasPrefix("permission denied on /run/x.sock"))
        #expect(failure(ENOENT).description.hasPrefix("there is no socket /run/x.sock"))
        #expect(failure(ENOTSOCK).description == "/run/x.sock is not a socket")
        guard case .unreachable(_, isTemporary: false) = failure(EACCES) else {
            Issue.record("waiting does not help against a missing permission")
            return
        }
    }
}
