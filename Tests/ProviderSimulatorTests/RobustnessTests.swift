import Testing

@testable import ProviderSimulator

@Suite(.timeLimit(.minutes(2))) struct RobustnessTests {
    @Test(arguments: [
        "NONSENSE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET /ovh/?token=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET nopath HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "POST /control/event HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "POST /control/event HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\n\u{0}{",
    ])
    func malformedRequestsGet400(_ text: String) async throws {
        try await withSimulator { _, client in
            let answer = try await client.raw(text)
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test func largeBodiesGet413() async throws {
        try await withSimulator { _, client in
            let body = String(repeating: "x", count: Request.largestBody + 1)
            let answer = try await client.raw(
                "POST /control/event HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test func unknownPathsAndMethods() async throws {
        try await withSimulator { _, client in
            for path in ["/", "/ovh/v2", "/ovh/v3/session", "/keyyo/", "/voipgrid/api/clicktodial/a/b/", "/control/x"] {
                #expect(try await client.get(path).status == 404)
            }
            let wrong = try await client.send(.delete, "/keyyo/makecall.html")
            #expect(wrong.status == 405)
            #expect(wrong.header("Allow") == "GET")
        }
    }

    /// Two requests on one connection, the second sent before the first is answered.
    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await withSimulator { _, client in
            let answer = try await client.raw(
                "GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /control/log HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 404 "))
            #expect(answer.contains("HTTP/1.1 200 OK"))
        }
    }
}
