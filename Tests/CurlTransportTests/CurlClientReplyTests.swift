import CallModel
import CurlTransport
import Glibc
import Testing

@Suite("Replies and requests over real sockets")
struct CurlClientReplyTests {
    @Test("status, reason, content type, Retry-After and body arrive whole")
    func ordinaryReply() async throws {
        let server = try await ScriptedServer { _ in
            [
                .reply(
                    "500 Come Back Later",
                    headers: ["content-type: text/plain; charset=utf-8", "RETRY-AFTER:  17 "], "later")
            ]
        }
        let client = CurlClient(name: "tests/1")
        let reply = try await client.execute(
            HTTPRequest(
                .get, server.url("/makecall.html?A=%20b&x=+1"),
                headers: [.init("X-Empty", ""), .init("X-A", "b")]))
        #expect(
            reply
                == HTTPReply(
                    status: 500, reason: "Come Back Later", contentType: "text/plain; charset=utf-8",
                    retryAfterSeconds: 17, body: Array("later".utf8)))
        let seen = try #require(server.requests.first)
        #expect(seen.method == "GET")
        #expect(seen.target == "/makecall.html?A=%20b&x=+1")
        #expect(seen.headers["user-agent"] == "tests/1")
        #expect(seen.headers["x-a"] == "b")
        #expect(seen.headers["x-empty"] == "")
        #expect(seen.headers["authorization"] == nil)
        try await server.stop()
    }

    @Test("a Retry-After that is a date is the time until then")
    func retryAfterThatIsADate() async throws {
        let server = try await ScriptedServer { seen in
            let date = seen.target == "/past" ? "Fri, 02 Jan 2026 09:30:00 GMT" : "Fri, 01 Jan 2100 00:00:00 GMT"
            return [.reply("429 Too Many", headers: ["Retry-After: \(date)"])]
        }
        let past = try await CurlClient().execute(HTTPRequest(.get, server.url("/past")))
        #expect(past.retryAfterSeconds == 0)
        let future = try await CurlClient().execute(HTTPRequest(.get, server.url("/future")))
        #expect(try #require(future.retryAfterSeconds) + time(nil) - 4_102_444_800 <= 2)
        try await server.stop()
    }

    @Test(
        "a Retry-After that is neither a count of seconds nor a date is absent",
        arguments: ["soon: later", "-1", "", "1e3", "99999999999999999999"])
    func retryAfterThatIsNoCount(value: String) async throws {
        let server = try await ScriptedServer { _ in [.reply("429 Too Many", headers: ["Retry-After: \(value)"])] }
        let reply = try await CurlClient().execute(HTTPRequest(.get, server.url()))
        #expect(reply.status == 429)
        #expect(reply.retryAfterSeconds == nil)
        try await server.stop()
    }

    @Test("chunked, close-delimited, interim and reason-less replies")
    func framings() async throws {
        let server = try await ScriptedServer { seen in
            switch seen.target {
            case "/chunked":
                [
                    .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
                    .send("2\r\nde\r\n0\r\n\r\n"),
                ]
            case "/closed": [.send("HTTP/1.0 200 OK\r\n\r\nall until the end"), .close]
            case "/interim":
                [
                    .send("HTTP/1.1 103 Early Hints\r\nContent-Type: a/b\r\n\r\n"),
                    .send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"),
                ]
            default: [.send("HTTP/1.1 204\r\n\r\n")]
            }
        }
        let client = CurlClient()
        #expect(try await client.execute(HTTPRequest(.get, server.url("/chunked"))).body == Array("abcde".utf8))
        #expect(
            try await client.execute(HTTPRequest(.get, server.url("/closed"))).body == Array("all until the end".utf8))
        let interim = try await client.execute(HTTPRequest(.get, server.url("/interim")))
        #expect(interim == HTTPReply(status: 200, reason: "OK", body: Array("x".utf8)))
        #expect(try await client.execute(HTTPRequest(.get, server.url("/none"))) == HTTPReply(status: 204))
        try await server.stop()
    }

    @Test("POST carries its body and type, DELETE none; neither takes an idle connection")
    func methods() async throws {
        let server = try await ScriptedServer { _ in [.reply("200 OK", "{}")] }
        let client = CurlClient()
        _ = try await client.execute(HTTPRequest(.get, server.url("/first")))
        let json = #"{"a_number":"+33639980001"}"#
        _ = try await client.execute(
            HTTPRequest(
                .post, server.url("/call"), headers: [.init("Content-Type", "application/json")],
                body: Array(json.utf8)))
        _ = try await client.execute(HTTPRequest(.post, server.url("/empty")))
        _ = try await client.execute(HTTPRequest(.delete, server.url("/call/1")))
        let seen = server.requests
        #expect(seen.map(\.method) == ["GET", "POST", "POST", "DELETE"])
        #expect(seen[1].body == json)
        #expect(seen[1].headers["content-type"] == "application/json")
        #expect(seen[1].headers["expect"] == nil)
        #expect(seen[2].headers["content-length"] == "0")
        #expect(Set(seen.map(\.connection)).count == 4)
        try await server.stop()
    }

    @Test("a GET that follows another uses its connection")
    func reuse() async throws {
        let server = try await ScriptedServer { _ in [.reply("200 OK", "[]")] }
        let client = CurlClient()
        for _ in 0..<5 { _ = try await client.execute(HTTPRequest(.get, server.url("/poll"))) }
        #expect(server.connections == 1)
        try await server.stop()
    }

    @Test("a POST that may be repeated uses it too")
    func reuseByPost() async throws {
        let server = try await ScriptedServer { _ in [.reply("200 OK", "[]")] }
        let client = CurlClient()
        _ = try await client.execute(HTTPRequest(.get, server.url("/poll")))
        _ = try await client.execute(HTTPRequest(.post, server.url("/subscribe"), isRepeatable: true))
        #expect(server.requests.map(\.method) == ["GET", "POST"])
        #expect(server.connections == 1)
        try await server.stop()
    }

    @Test("a Unix socket is connected to instead of the host")
    func unixSocket() async throws {
        let path = "/tmp/cti-curl-\(UInt32.random(in: 0...UInt32.max)).sock"
        let server = try await ScriptedServer(unixSocketPath: path) { _ in [.reply("200 OK", "local")] }
        let reply = try await CurlClient().execute(
            HTTPRequest(.get, "http://api/v1/sources", unixSocketPath: path))
        #expect(reply.body == Array("local".utf8))
        #expect(server.requests.first?.headers["host"] == "api")
        try await server.stop()
    }

    @Test("Basic and a given Authorization header")
    func authorizationHeaders() async throws {
        let server = try await ScriptedServer { _ in [.reply("200 OK")] }
        let client = CurlClient()
        _ = try await client.execute(
            HTTPRequest(
                .get, server.url(), authentication: .basic(user: "agent@example.nl", password: Redacted("a:b"))))
        _ = try await client.execute(
            HTTPRequest(.get, server.url(), authentication: .header(Redacted("Token agent:abc"))))
        #expect(server.requests[0].headers["authorization"] == "Basic YWdlbnRAZXhhbXBsZS5ubDphOmI=")
        #expect(server.requests[1].headers["authorization"] == "Token agent:abc")
        try await server.stop()
    }
}
