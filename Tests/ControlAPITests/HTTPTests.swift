import CallModel
import ControlAPI
import EventJournal
import NIOCore
import Synchronization
import Testing

extension ControlAPITests {
    @Suite
    struct HTTPTests {
        @Test(arguments: [
            "/", "/v1", "/v1/", "/v1/call", "/v1/calls/", "/v1/calls/a/b", "/v1/events/", "/V1/calls", "//healthz",
        ])
        func anUnknownPathIsAProblem(path: String) async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.request("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(answer.status == 404)
                #expect(answer.client.header("content-type") == "application/problem+json")
                #expect(answer.json.type?.text == "about:blank")
            }
        }

        @Test(arguments: [
            ("PUT", "/v1/calls", "GET, HEAD, POST"), ("POST", "/v1/events", "GET"), ("HEAD", "/v1/events", "GET"),
            ("PATCH", "/v1/calls/x", "DELETE, GET, HEAD"), ("DELETE", "/v1/calls", "GET, HEAD, POST"),
            ("OPTIONS", "/healthz", "GET, HEAD"),
        ])
        func aWrongMethodIsToldWhatIsAllowed(method: String, path: String, allow: String) async throws {
            try await TestBridge.serve { bridge in
                var client = try await TestClient.connect(unix: bridge.socket)
                try await client.send("\(method) \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.readHead() == 405)
                #expect(client.header("allow") == allow)
            }
        }

        @Test
        func headIsGetWithoutTheBodyAndTheConnectionGoesOn() async throws {
            try await TestBridge.serve { bridge in
                var client = try await TestClient.connect(unix: bridge.socket)
                try await client.send("HEAD /v1/sources HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.readHead() == 200)
                let length = client.header("content-length").flatMap(Int.init) ?? 0
                #expect(length > 0)
                #expect(client.header("date") == "Sat, 21 Nov 2026 09:30:00 GMT")
                try await client.get("/v1/sources")
                #expect(try await client.readHead() == 200)
                #expect(try await client.readBody().utf8.count == length)
            }
        }

        /// A client of HTTP/1.0 knows no chunks, and takes the end of the connection for the end of the answer.
        @Test
        func theFirstVersionIsAnsweredInItsOwnWay() async throws {
            try await TestBridge.serve { bridge in
                try bridge.publish(1...3)
                for target in ["/v1/sources", "/v1/nowhere", "/v1/events?after=oldest&follow=false"] {
                    for headers in ["", "Host: x\r\nConnection: close\r\n"] {
                        var client = try await TestClient.connect(unix: bridge.socket)
                        try await client.send("GET \(target) HTTP/1.0\r\n\(headers)\r\n")
                        #expect(try await client.readHead() == (target == "/v1/nowhere" ? 404 : 200))
                        #expect(client.head.hasPrefix("HTTP/1.0 "))
                        #expect(client.header("connection") == "close")
                        #expect(client.header("transfer-encoding") == nil)
                        let body = await client.readRest()
                        #expect(body.hasPrefix("{") && body.hasSuffix("}\n"), "\(body)")
                        let length = client.header("content-length").flatMap(Int.init)
                        #expect(length == (target.contains("events") ? nil : body.utf8.count))
                        await client.close()
                    }
                }
                // What was asked behind it is not answered: the connection is over.
                var pair = try await TestClient.connect(unix: bridge.socket)
                try await pair.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz HTTP/1.0\r\n\r\n")
                #expect(try await pair.readHead() == 200)
                #expect(pair.head.hasPrefix("HTTP/1.1 ") && pair.header("connection") == nil)
                #expect(try await pair.readJSON().status?.text == "alive")
                #expect(try await pair.readHead() == 200)
                #expect(pair.head.hasPrefix("HTTP/1.0 "))
                #expect(await pair.readRest().contains("ready"))
                await pair.close()
            }
        }

        @Test
        func theFirstVersionMayAskForTheConnectionToGoOn() async throws {
            try await TestBridge.serve { bridge in
                var client = try await TestClient.connect(unix: bridge.socket)
                for _ in 1...2 {
                    try await client.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    #expect(try await client.readHead() == 200)
                    #expect(client.header("connection") == "keep-alive")
                    #expect(try await client.readJSON().status?.text == "alive")
                }
                // The end of a stream can be told in no other way.
                try await client.send("GET /v1/events?follow=false HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try await client.readHead() == 200)
                #expect(client.header("connection") == "close")
                #expect(await client.readRest().hasSuffix("}\n"))
                await client.close()
            }
        }

        @Test
        func aHangUpTakesNoParameters() async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.request("DELETE /v1/calls/a?force=1 HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(answer.status == 400)
                #expect(answer.json.parameter?.text == "force")
                #expect(bridge.calls.state.withLock { $0.hungUp }.isEmpty)
                // What asks for these may append what it likes, and has nothing else to ask for.
                for path in ["/metrics", "/healthz", "/readyz"] {
                    var client = try await TestClient.connect(unix: bridge.socket)
                    try await client.get("\(path)?now=1")
                    #expect(try await client.readHead() == 200)
                    await client.close()
                }
            }
        }

        @Test
        func theBodyMustBeJSON() async throws {
            try await TestBridge.serve { bridge in
                for type in ["", "Content-Type: text/plain\r\n", "Content-Type: application/jsonl\r\n"] {
                    let answer = try await bridge.request(
                        "POST /v1/calls HTTP/1.1\r\nHost: x\r\n\(type)Content-Length: 2\r\n\r\n{}"
                    )
                    #expect(answer.status == 415)
                }
            }
        }

        @Test(arguments: [true, false])
        func aLargeBodyIsRefusedAndTheConnectionEnds(isAnnounced: Bool) async throws {
            try await TestBridge.serve { bridge in
                var client = try await TestClient.connect(unix: bridge.socket)
                let head = "POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                if isAnnounced {
                    try await client.send(head + "Content-Length: 65537\r\n\r\n")
                } else {
                    let chunk = "4000\r\n" + String(repeating: "a", count: 0x4000) + "\r\n"
                    try await client.send(head + "Transfer-Encoding: chunked\r\n\r\n")
                    try await client.send(String(repeating: chunk, count: 5))
                }
                #expect(try await client.readHead() == 413)
                #expect(client.header("connection") == "close")
                #expect(try await client.readJSON().maximum?.number == 65_536)
                await client.readToEnd()
            }
        }

        /// Strict clients send the body only after it.
        @Test
        func whoAsksWhetherToGoOnIsTold() async throws {
            func head(_ length: Int, _ headers: String = "") -> String {
                "POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\(headers)"
                    + "Expect: 100-continue\r\nContent-Length: \(length)\r\n\r\n"
            }
            try await TestBridge.serve(tcp: AccessTests.tokens) { bridge in
                let body = #"{"source":"sales","to":"1"}"#
                var client = try await TestClient.connect(unix: bridge.socket)
                try await client.send(head(body.utf8.count))
                #expect(try await client.readHead() == 100)
                try await client.send(body)
                #expect(try await client.readHead() == 202)
                var large = try await TestClient.connect(unix: bridge.socket)
                try await large.send(head(65_537))
                #expect(try await large.readHead() == 413)
                while bridge.service.ports.isEmpty { await Task.yield() }
                var stranger = try await TestClient.connect(port: bridge.service.ports[0])
                try await stranger.send(head(body.utf8.count))
                #expect(try await stranger.readHead() == 401)
                #expect(stranger.header("connection") == "close")
                for client in [client, large, stranger] { await client.close() }
            }
        }

        @Test
        func aBodyOfTheGreatestSizeIsRead() async throws {
            try await TestBridge.serve { bridge in
                let body = #"{"source":"sales","to":"1"}"#
                let answer = try await bridge.post(body + String(repeating: " ", count: 65_536 - body.utf8.count))
                #expect(answer.status == 202)
            }
        }

        @Test
        func aLargeHeadIsRefused() async throws {
            try await TestBridge.serve { bridge in
                for head in [
                    "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: \(String(repeating: "a", count: 9_000))\r\n\r\n",
                    "GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: x\r\n\r\n",
                ] {
                    var client = try await TestClient.connect(unix: bridge.socket)
                    try await client.send(head)
                    #expect(try await client.readHead() == 431)
                    #expect(client.header("content-type") == "application/problem+json")
                    #expect(try await client.readJSON().maximum?.number == 8_192)
                    await client.readToEnd()
                }
            }
        }

        @Test
        func whatIsNotHTTPIsRefused() async throws {
            try await TestBridge.serve { bridge in
                var client = try await TestClient.connect(unix: bridge.socket)
                try await client.send("hello\r\n\r\n")
                #expect(try await client.readHead() == 400)
                #expect(try await client.readJSON().status?.number == 400)
                await client.readToEnd()
            }
        }

        @Test
        func theAnswerToACallIsNotLostForNonsenseBehindIt() async throws {
            try await TestBridge.serve { bridge in
                let (nonsenseSent, gate) = AsyncStream<Void>.makeStream()
                bridge.calls.state.withLock { $0.gate = { for await _ in nonsenseSent {} } }
                let body = #"{"source":"sales","to":"1"}"#
                var client = try await TestClient.connect(unix: bridge.socket)
                try await client.send(
                    "POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
                )
                while bridge.calls.state.withLock({ $0.placed.isEmpty }) { await Task.yield() }
                try await client.send("hello\r\n\r\n")
                // Time to read it, as others are answered meanwhile.
                for _ in 0..<20 { _ = try await bridge.get("/healthz") }
                gate.finish()
                #expect(try await client.readHead() == 202)
                _ = try await client.readBody()
                await client.readToEnd()
            }
        }

        @Test
        func aMalformedBodyIsRefused() async throws {
            try await TestBridge.serve { bridge in
                var client = try await TestClient.connect(unix: bridge.socket)
                try await client.send(
                    "POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"
                )
                #expect(try await client.readHead() == 400)
                await client.readToEnd()
            }
        }

        /// The body drips on; its deadline does not move.
        @Test
        func aRequestThatNeverEndsIsCutOff() async throws {
            try await TestBridge.serve(api: { $0.requestDeadline = .milliseconds(150) }) { bridge in
                var client = try await TestClient.connect(unix: bridge.socket)
                try await client.send("POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
                let channel = client.channel
                let dripping = Task {
                    while !Task.isCancelled {
                        try? await channel.writeAndFlush(ByteBuffer(string: "x"))
                        try? await Task.sleep(for: .milliseconds(20))
                    }
                }
                #expect(try await client.readHead() == 408)
                await client.readToEnd()
                dripping.cancel()
            }
        }

        @Test(arguments: ["", "GET /healthz HTTP/1.1\r\nHost:"])
        func anIdleConnectionIsClosed(sent: String) async throws {
            try await TestBridge.serve(api: { $0.idleTimeout = .milliseconds(100) }) { bridge in
                var client = try await TestClient.connect(unix: bridge.socket)
                if !sent.isEmpty { try await client.send(sent) }
                await client.readToEnd()
            }
        }

        @Test
        func moreConnectionsThanAllowedWait() async throws {
            try await TestBridge.serve(api: { $0.maximumConnections = 1 }) { bridge in
                var first = try await TestClient.connect(unix: bridge.socket)
                try await first.get("/healthz")
                #expect(try await first.readHead() == 200)
                var second = try await TestClient.connect(unix: bridge.socket)
                try await second.get("/healthz")
                await first.close()
                #expect(try await second.readHead() == 200)
            }
        }

        @Test
        func requestsOnOneConnectionAreAnsweredInOrder() async throws {
            try await TestBridge.serve { bridge in
                var client = try await TestClient.connect(unix: bridge.socket)
                let requests = ["/healthz", "/nowhere", "/v1/calls", "/v1/calls?x=1", "/readyz"]
                try await client.send(requests.map { "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
                for status in [200, 404, 200, 400, 200] {
                    #expect(try await client.readHead() == status)
                    _ = try await client.readBody()
                }
            }
        }

        /// `nc -N` and `socat` close their sending side after the request.
        @Test
        func aHalfClosedConnectionIsStillAnswered() async throws {
            try await TestBridge.serve { bridge in
                try bridge.publish(1...1)
                var client = try await TestClient.connect(unix: bridge.socket)
                try await client.get("/v1/events?after=oldest")
                try await client.channel.close(mode: .output)
                #expect(try await client.readHead() == 200)
                for _ in 0..<3 { _ = try await client.readEvent() }
                try bridge.publish(2...2)
                #expect(try await client.readEvent()?.seq?.number == 2)
            }
        }

        @Test
        func readinessFollowsTheDaemon() async throws {
            try await TestBridge.serve { bridge in
                #expect(try await bridge.get("/readyz").status == 200)
                bridge.readiness.value = .notReady("the journal cannot be written")
                let answer = try await bridge.get("/readyz")
                #expect(answer.status == 503)
                #expect(answer.json.detail?.text == "the journal cannot be written")
                #expect(try await bridge.get("/healthz").status == 200)
            }
        }

        @Test
        func aJournalThatCannotBeReadIsAProblem() async throws {
            try await TestBridge.serve { bridge in
                bridge.journal.close()
                for path in ["/v1/calls", "/v1/calls/x", "/v1/events?since=1h"] {
                    let answer = try await bridge.get(path)
                    #expect(answer.status == 503)
                }
            }
        }

        @Test
        func sourcesAreShown() async throws {
            try await TestBridge.serve { bridge in
                let sources = try await bridge.get("/v1/sources").json.sources?.array ?? []
                #expect(sources.compactMap { $0.source?.text } == ["voipgrid/sales", "orange/legacy"])
                #expect(sources.first?.counters?.polls?.number == 3)
                #expect(sources.first?.clock_skew_ms?.number == 12)
                #expect(sources.last?.last_error?.text == "none \"yet\"")
                #expect(sources.last?.last_error_at?.text == "2026-11-21T09:30:01.000Z")
                #expect(sources.first?.last_error_at == nil)
                #expect(sources.last?.legacy == .flag(true))
            }
        }
    }
}
