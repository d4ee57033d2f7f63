import CallModel
import Intake
import LogCapture
import Testing

@Suite("Who may deliver", .timeLimit(.minutes(1)))
struct WebhookAccessTests {
    @Test("whatever part of the path is wrong, the answer is the same 404")
    func notFound() async throws {
        let sink = ScriptedSink()
        try await withListener(sink: sink) { port, _ in
            for target in [
                "/", "/hooks", "/hooks/keyyo/front-desk/", "/hooks/keyyo/front-desk/k3yyo-s3cre",
                "/hooks/keyyo/front-desk/k3yyo-s3cret//", "/hooks/keyyo/other/k3yyo-s3cret",
                "/hooks/orange/front-desk/k3yyo-s3cret", "/hooks/sfr-dmc/campaigns/k3yyo-s3cret",
                "//hooks/keyyo/front-desk/k3yyo-s3cret", "/HOOKS/keyyo/front-desk/k3yyo-s3cret", "/%", "*", "/?%00",
            ] {
                let reply = try await get(port, target)
                #expect(reply == .init(status: 404, headers: ["content-length": "0"], body: ""), "\(target)")
            }
        }
        #expect(sink.deliveries.isEmpty)
    }

    @Test("an empty secret opens nothing, and neither does a route without one")
    func noSecret() async throws {
        let routes = [
            WebhookRoute(source: keyyo, methods: [.get], secrets: [Redacted("")]),
            WebhookRoute(source: dmc, methods: [.get], secrets: []),
        ]
        try await withListener(routes: routes) { port, _ in
            try await expectGet(port, "/hooks/keyyo/front-desk/", is: 404)
            try await expectGet(port, "/hooks/sfr-dmc/campaigns/", is: 404)
        }
    }

    @Test("the address list is asked after the secret")
    func addresses() async throws {
        try await withListener(routes: [keyyoRoute(allow: ["62.39.136.157", "83.136.160.0/24"])]) { port, _ in
            try await expectGet(port, "\(keyyoPath)?a=b", is: 403)
            try await expectGet(port, "/hooks/keyyo/front-desk/wrong", is: 404)
        }
        try await withListener(routes: [keyyoRoute(allow: ["127.0.0.0/8"])]) { port, _ in
            try await expectGet(port, "\(keyyoPath)?a=b", is: 200)
        }
    }

    @Test("X-Forwarded-For counts only from a trusted proxy, and only its right-most stranger")
    func forwarded() async throws {
        let sink = ScriptedSink()
        let allowed = keyyoRoute(allow: ["62.39.136.157"])
        try await withListener(routes: [allowed], trustedProxies: ["127.0.0.1", "10.0.0.0/8"], sink: sink) { port, _ in
            func expect(_ status: Int, _ headers: String...) async throws {
                try await expectGet(port, "\(keyyoPath)?a=b", headers: headers, is: status)
            }
            try await expect(200, "X-Forwarded-For: 62.39.136.157")
            try await expect(200, "X-Forwarded-For: 1.2.3.4, 62.39.136.157, 10.1.1.1")
            try await expect(200, "X-Forwarded-For: 1.2.3.4", "x-forwarded-for: 62.39.136.157")
            try await expect(403, "X-Forwarded-For: 62.39.136.157, 1.2.3.4")
            try await expect(403, "X-Forwarded-For: 62.39.136.157, nonsense")
            try await expect(403)
        }
        #expect(sink.deliveries.map { $0.attributes["peer"] } == Array(repeating: "62.39.136.157", count: 3))
        try await withListener(routes: [allowed]) { port, _ in
            let reply = try await get(port, "\(keyyoPath)?a=b", headers: ["X-Forwarded-For: 62.39.136.157"])
            #expect(reply.status == 403)
        }
    }

    @Test("a dual-stack socket's IPv4-mapped peer is the IPv4 address")
    func mapped() async throws {
        let sink = ScriptedSink()
        let settings = WebhookSettings(host: "::", port: 0)
        try await withListener(routes: [keyyoRoute(allow: ["127.0.0.1"])], sink: sink, settings: settings) { port, _ in
            try await expectGet(port, "\(keyyoPath)?a=b", is: 200)
        }
        #expect(sink.deliveries.first?.attributes["peer"] == "127.0.0.1")
    }

    @Test(
        "another method: 405 with those allowed, for who knows the secret",
        arguments: ["HEAD", "POST", "DELETE", "BREW"])
    func methods(method: String) async throws {
        try await withListener { port, _ in
            // llhttp knows no BREW: to it that is no request at all.
            let reply = try await exchange(port, "\(method) \(keyyoPath)?a=b HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(reply.status == (method == "BREW" ? 400 : 405))
            #expect(reply.headers["allow"] == (method == "BREW" ? nil : "GET"))
            let stranger = try await exchange(port, "\(method) /hooks/keyyo/front-desk/x HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(stranger.status == (method == "BREW" ? 400 : 404))
        }
    }

    @Test("no secret is logged, at any level, not even one with a wrong letter")
    func silence() async throws {
        let log = CapturedLog()
        let sink = ScriptedSink { _ in .failure(.overloaded) }
        try await withListener(routes: [keyyoRoute(), dmcRoute], sink: sink, log: log) { port, _ in
            try await expectGet(port, "\(keyyoPath)?a=b", is: 503)
            try await expectGet(port, "\(keyyoPath)x?a=b", is: 404)
            try await expectGet(port, "/hooks/keyyo/other/k3yyo-s3cret", is: 404)
            _ = try await exchange(port, "POST \(dmcPath) HTTP/9.9\r\n\r\n")
        }
        #expect(log.text.contains("webhook refused"))
        #expect(log.text.contains("webhook not kept"))
        #expect(!log.text.contains("s3cret"))
    }

    @Test("strangers are slowed down, providers behind the same address are not")
    func strangers() async throws {
        try await withListener { port, _ in
            var statuses: [Int] = []
            for _ in 0..<25 { statuses.append(try await get(port, "/hooks/keyyo/front-desk/guess").status) }
            #expect(statuses == Array(repeating: 404, count: 20) + Array(repeating: 429, count: 5))
            let refused = try await get(port, "/other")
            #expect(refused.headers["retry-after"] == "5")
            try await expectGet(port, "\(keyyoPath)?a=b", is: 200)
        }
    }
}
