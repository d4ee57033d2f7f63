import CallModel
import CurlTransport
import Testing

@Suite("Redirects: one, of a GET, to the same service")
struct CurlClientRedirectTests {
    private let client = CurlClient()

    private func server() async throws -> ScriptedServer {
        try await ScriptedServer { seen in
            let port = seen.headers["host"]?.split(separator: ":").last ?? ""
            return switch seen.target {
            case "/a": [.reply("302 Found", headers: ["Location: /b?x=1"], "moved")]
            case "/chain": [.reply("307 Temporary Redirect", headers: ["Location: /a"])]
            case "/elsewhere":
                [.reply("302 Found", headers: ["Location: http://localhost:\(port)/b"])]
            case "/port": [.reply("301 Moved", headers: ["Location: http://127.0.0.1:1/b"])]
            case "/scheme": [.reply("301 Moved", headers: ["Location: file:///etc/passwd"])]
            case "/nowhere": [.reply("302 Found")]
            default: [.reply("200 OK", "there")]
            }
        }
    }

    @Test("followed, with the credentials and within the same timeout")
    func followed() async throws {
        let server = try await server()
        let reply = try await client.execute(
            HTTPRequest(
                .get, server.url("/a"), authentication: .header(Redacted("Token x")), followsOneRedirect: true))
        #expect(reply.status == 200)
        #expect(reply.body == Array("there".utf8))
        #expect(server.requests.map(\.target) == ["/a", "/b?x=1"])
        #expect(server.requests.allSatisfy { $0.headers["authorization"] == "Token x" })
        try await server.stop()
    }

    @Test("off: a reply like any other")
    func notAsked() async throws {
        let server = try await server()
        let reply = try await client.execute(HTTPRequest(.get, server.url("/a")))
        #expect(reply.status == 302)
        #expect(reply.body == Array("moved".utf8))
        #expect(server.requests.count == 1)
        try await server.stop()
    }

    @Test("the second one is the reply")
    func onlyOne() async throws {
        let server = try await server()
        let reply = try await client.execute(HTTPRequest(.get, server.url("/chain"), followsOneRedirect: true))
        #expect(reply.status == 302)
        #expect(server.requests.map(\.target) == ["/chain", "/a"])
        try await server.stop()
    }

    @Test("not to another host, port or scheme", arguments: ["/elsewhere", "/port", "/scheme", "/nowhere"])
    func notElsewhere(path: String) async throws {
        let server = try await server()
        let reply = try await client.execute(HTTPRequest(.get, server.url(path), followsOneRedirect: true))
        #expect((300..<400).contains(reply.status))
        #expect(server.requests.count == 1)
        try await server.stop()
    }

    @Test("not of a POST")
    func notPost() async throws {
        let server = try await server()
        let reply = try await client.execute(HTTPRequest(.post, server.url("/a"), followsOneRedirect: true))
        #expect(reply.status == 302)
        #expect(server.requests.count == 1)
        try await server.stop()
    }
}
