import BridgeClient
import CallModel
import Testing

@Suite struct EndpointTests {
    @Test func theSocketComesFromTheArgumentThenTheEnvironmentThenTheUsualPlace() throws {
        let set: (String) -> String? = { $0 == "CTIBRIDGE_SOCKET" ? "/tmp/env.sock" : nil }
        #expect(try Endpoint.resolve(socket: "/tmp/a.sock", url: nil, environment: set).description == "/tmp/a.sock")
        #expect(try Endpoint.resolve(socket: nil, url: nil, environment: set).description == "/tmp/env.sock")
        #expect(try Endpoint.resolve(socket: nil, url: nil) { _ in nil }.description == "/run/ctibridge/api.sock")
    }

    @Test func aURLBringsTheTokenAndHidesIt() throws {
        let endpoint = try Endpoint.resolve(socket: nil, url: "http://127.0.0.1:8481/") { _ in "s3cret" }
        #expect(endpoint.address == .tcp(host: "127.0.0.1", port: 8481))
        #expect(endpoint.token?.exposed == "s3cret")
        #expect(!"\(endpoint)".contains("s3cret"))
        #expect(try Endpoint(url: "http://[::1]:80", token: nil).address == .tcp(host: "::1", port: 80))
        #expect(try Endpoint(url: "HTTP://localhost", token: nil).address == .tcp(host: "localhost", port: 80))
    }

    @Test(arguments: [
        "https://127.0.0.1:8481", "127.0.0.1:8481", "http://", "http://10.0.0.1:8481", "http://127.evil.example:1",
        "http://127.0.0.1:0", "http://127.0.0.1:99999", "http://127.0.0.1:8481/v1", "http://user@127.0.0.1:8481",
        "http://[::1", "http://127.0.0.1.example:8481",
    ])
    func otherURLsAreRefused(url: String) {
        let failure = #expect(throws: ClientFailure.self) { try Endpoint(url: url, token: nil) }
        #expect(failure?.exitCode == 64)
    }

    @Test func aPathThatFitsNoSocketAddressAndATokenWithALineBreakAreRefused() {
        #expect(throws: ClientFailure.self) { try Endpoint(socketPath: "/" + String(repeating: "x", count: 107)) }
        #expect(throws: ClientFailure.self) { try Endpoint(url: "http://127.0.0.1:1", token: "abc\r\nX: y") }
        #expect(throws: ClientFailure.self) {
            try Endpoint.resolve(socket: "/a", url: "http://127.0.0.1:1") { _ in nil }
        }
    }
}
