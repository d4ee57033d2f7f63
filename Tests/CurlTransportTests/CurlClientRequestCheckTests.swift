import CallModel
import CurlTransport
import Testing

@Suite("Requests that cannot be sent as meant are refused before anything is sent")
struct CurlClientRequestCheckTests {
    private static let good = "http://127.0.0.1:9/"

    static let bad: [HTTPRequest] = [
        HTTPRequest(.get, ""),
        HTTPRequest(.get, "ftp://127.0.0.1/"),
        HTTPRequest(.get, "file:///etc/passwd"),
        HTTPRequest(.get, "http:///nohost"),
        HTTPRequest(.get, "http://user:hunter2@127.0.0.1/"),
        HTTPRequest(.get, "http://127.0.0.1/a b"),
        HTTPRequest(.get, "http://127.0.0.1/a\r\nHost: b"),
        HTTPRequest(.get, "http://127.0.0.1/a\0b"),
        HTTPRequest(.get, good, headers: [.init("X-A", "b\r\nX-C: d")]),
        HTTPRequest(.get, good, headers: [.init("X-A", "b\nX-C: d")]),
        HTTPRequest(.get, good, headers: [.init("X-A", "b\0")]),
        HTTPRequest(.get, good, headers: [.init("X A", "b")]),
        HTTPRequest(.get, good, headers: [.init("", "b")]),
        HTTPRequest(.get, good, headers: [.init("X-A: b\r\nX-C", "d")]),
        HTTPRequest(.get, good, body: [1]),
        HTTPRequest(.get, good, authentication: .header(Redacted("Bearer a\r\nX: y"))),
        HTTPRequest(.get, good, authentication: .basic(user: "a:b", password: Redacted("hunter2"))),
        HTTPRequest(.get, good, authentication: .basic(user: "a", password: Redacted("c\0d"))),
        HTTPRequest(.get, good, authentication: .digest(user: "a\n", password: Redacted("hunter2"))),
        HTTPRequest(.get, good, timeout: .milliseconds(0)),
        HTTPRequest(.get, good, maximumReplyBytes: -1),
        HTTPRequest(.get, good, unixSocketPath: ""),
        HTTPRequest(.get, good, unixSocketPath: String(repeating: "p", count: 108)),
    ]

    @Test("refused as invalid", arguments: bad.indices)
    func refused(index: Int) async throws {
        let failure = try await failure(of: CurlClient(), Self.bad[index])
        #expect(failure.kind == .invalidRequest)
        #expect(!failure.mayHaveBeenSent)
        #expect(!failure.detail.contains("hunter2"))
    }
}
