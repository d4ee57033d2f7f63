import CallModel
import ControlAPI
import Glibc
import HostSupport
import NIOPosix
import Testing

extension ControlAPITests {
    @Suite
    struct AccessTests {
        static let tokens = [
            APIToken(name: "crm", token: Redacted("read-secret"), may: [.read]),
            APIToken(name: "dialer", token: Redacted("dial-secret"), may: [.dial]),
            APIToken(name: "all", token: Redacted("all-secret"), may: [.read, .dial]),
            APIToken(name: "support", token: Redacted("raw-secret"), may: [.raw]),
            APIToken(name: "both", token: Redacted("both-secret"), may: [.read, .raw]),
        ]

        private func port(_ bridge: TestBridge) async throws -> Int {
            while true {
                if let port = bridge.service.ports.first { return port }
                await Task.yield()
            }
        }

        @Test(arguments: [
            ("GET /v1/calls", "", 401), ("GET /v1/calls", "Basic cmVhZA==", 401),
            ("GET /v1/calls", "Bearer wrong", 401),
            ("GET /v1/calls", "Bearer", 401), ("GET /v1/calls", "Bearer ", 401), ("GET /nowhere", "", 401),
            ("GET /v1/calls", "Bearer read-secret", 200), ("GET /v1/calls", "bearer read-secret", 200),
            ("GET /v1/calls", "Bearer read-secretX", 401), ("GET /nowhere", "Bearer read-secret", 404),
            ("GET /v1/calls", "Bearer dial-secret", 403), ("GET /metrics", "Bearer dial-secret", 403),
            ("DELETE /v1/calls/x", "Bearer read-secret", 403), ("DELETE /v1/calls/x", "Bearer dial-secret", 202),
            ("POST /v1/calls", "Bearer read-secret", 403), ("POST /v1/calls", "Bearer all-secret", 415),
            ("GET /v1/deliveries", "Bearer all-secret", 403), ("GET /v1/deliveries", "Bearer raw-secret", 200),
            ("GET /v1/calls", "Bearer raw-secret", 403), ("GET /v1/deliveries?call=x", "Bearer raw-secret", 404),
            ("GET /healthz", "", 200), ("GET /readyz", "", 200), ("GET /metrics", "", 401),
        ])
        func aTokenDecidesOverTCP(request: String, authorization: String, status: Int) async throws {
            try await TestBridge.serve(tcp: Self.tokens) { bridge in
                var client = try await TestClient.connect(port: port(bridge))
                let header = authorization.isEmpty ? "" : "Authorization: \(authorization)\r\n"
                try await client.send("\(request) HTTP/1.1\r\nHost: x\r\n\(header)\r\n")
                #expect(try await client.readHead() == status)
                if status == 401 { #expect(client.header("www-authenticate") == "Bearer realm=\"ctibridge\"") }
                if status == 403 { #expect(client.header("www-authenticate")?.contains("insufficient_scope") == true) }
                if status >= 400 { #expect(client.header("content-type") == "application/problem+json") }
            }
        }

        /// As of the deliveries themselves.
        @Test(arguments: [("read-secret", false), ("all-secret", false), ("both-secret", true)])
        func theHistoryOfACallHasNoRawWordsForWhoMayNotReadThem(token: String, showsRaw: Bool) async throws {
            try await TestBridge.serve(tcp: Self.tokens) { bridge in
                var draft = TestBridge.draft(1)
                draft.subject = "call-1"
                let delivery = Delivery(
                    source: SourceName("ovh/paris")!, observed: TestBridge.now, kind: .webhook,
                    body: Array("word-of-the-provider".utf8), attributes: ["query": "name=word-of-the-provider"])
                let call = CallsTests.stored("call-1", .ringing, nil, number: "+33639980001", minutesAgo: 1)
                try bridge.publish([draft], delivery: delivery, calls: [call])
                var client = try await TestClient.connect(port: port(bridge))
                try await client.get("/v1/calls/call-1?explain=true", headers: "Authorization: Bearer \(token)\r\n")
                #expect(try await client.readHead() == 200)
                let body = try await client.readBody()
                #expect(body.contains("word-of-the-provider") == showsRaw)
                #expect(body.contains(#""delivery":{"kind":"webhook""#))
                #expect(body.contains("call.ringing"))
            }
        }

        @Test
        func aTokenThatIsWithdrawnEndsItsStreams() async throws {
            try await TestBridge.serve(tcp: Self.tokens) { bridge in
                func open(_ token: String) async throws -> TestClient {
                    var client = try await TestClient.connect(port: port(bridge))
                    try await client.get("/v1/events", headers: "Authorization: Bearer \(token)\r\n")
                    #expect(try await client.readHead() == 200)
                    _ = try await client.readEvent()
                    _ = try await client.readEvent()
                    return client
                }
                var withdrawn = try await open("read-secret")
                var kept = try await open("all-secret")
                bridge.service.replaceTokens([Self.tokens[2]])
                #expect(try await withdrawn.readEvent()?.data?.reason?.text == "reconfigured")
                #expect(try await withdrawn.readLine() == nil)
                try bridge.publish(1...1)
                #expect(try await kept.readEvent()?.seq?.number == 1)
                var client = try await TestClient.connect(port: port(bridge))
                try await client.get("/v1/calls", headers: "Authorization: Bearer read-secret\r\n")
                #expect(try await client.readHead() == 401)
            }
        }

        @Test(arguments: ["0.0.0.0", "192.0.2.1", "::", "example.com", ""])
        func onlyLoopbackIsListenedOn(host: String) throws {
            #expect(throws: APIListenError.notLoopback(host)) {
                try SocketProbe.bind(.tcp(host: host, port: 0))
            }
        }

        @Test(arguments: ["0.0.0.0"])
        func behindAProxyAnyAddressWillDo(host: String) throws {
            try SocketProbe.bind(.tcp(host: host, port: 0, isBehindProxy: true))
        }

        @Test
        func theSocketHasItsModeAndGoesAway() async throws {
            var path = ""
            try await TestBridge.serve { bridge in
                path = bridge.socket
                var status = stat()
                #expect(lstat(path, &status) == 0)
                #expect(status.st_mode & 0o7777 == 0o660)
                // A second daemon finds it taken and leaves it alone.
                #expect(throws: APIListenError.socket(.inUse(path))) { try SocketProbe.bind(.unix(path: path)) }
                let answer = try await bridge.get("/healthz")
                #expect(answer.status == 200)
            }
            #expect(access(path, F_OK) != 0)
        }

        @Test
        func whatACrashLeftBehindIsReplacedAndNothingElse() throws {
            let bridge = try TestBridge()
            defer { bridge.remove() }
            // Bound and closed without being removed.
            let stale = try SocketProbe.listen(bridge.socket)
            close(stale)
            try SocketProbe.bind(.unix(path: bridge.socket, mode: 0o600))
            let file = "\(bridge.directory)/file"
            close(open(file, O_CREAT | O_WRONLY, 0o600))
            defer { unlink(file) }
            #expect(throws: APIListenError.socket(.notASocket(file))) { try SocketProbe.bind(.unix(path: file)) }
            #expect(throws: APIListenError.socket(.pathNotAbsolute("api.sock"))) {
                try SocketProbe.bind(.unix(path: "api.sock"))
            }
            let group = "no-such-group-here"
            #expect(throws: APIListenError.socket(.unknownGroup(group, path: bridge.socket))) {
                try SocketProbe.bind(.unix(path: bridge.socket, group: group))
            }
        }

        @Test
        func anInheritedSocketIsServedAndLeftInPlace() async throws {
            let bridge = try TestBridge()
            defer { bridge.remove() }
            let descriptor = try SocketProbe.listen(bridge.socket)
            let service = bridge.another([.inherited(descriptor: descriptor)])
            try service.bind()
            let running = Task { try await service.run() }
            #expect(try await bridge.get("/healthz").status == 200)
            service.stop()
            try await running.value
            #expect(access(bridge.socket, F_OK) == 0)
        }

        @Test
        func whatDoesNotListenCannotBeInherited() throws {
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            #expect(throws: APIListenError.self) { try SocketProbe.bind(.inherited(descriptor: descriptor)) }
        }
    }
}
