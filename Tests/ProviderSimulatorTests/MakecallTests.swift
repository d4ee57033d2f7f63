import NIOCore
import Testing

@testable import ProviderSimulator

@Suite(.timeLimit(.minutes(2))) struct MakecallTests {
    private static let target =
        "/keyyo/makecall.html?ACCOUNT=33199000021&CALLEE=0639980001&CALLEE_NAME=L%C3%A9a%20%26%20Co"

    @Test func accepted() async throws {
        try await withSimulator { _, client in
            let answer = try await client.get(Self.target)
            #expect(answer.status == 200)
            #expect(answer.body == "OK")
        }
    }

    @Test(arguments: SimulatorConfiguration.BusyForm.allCases)
    func oneActionASecond(form: SimulatorConfiguration.BusyForm) async throws {
        try await withSimulator {
            $0.keyyoBusy = form
        } _: { simulator, client in
            // Straight at the desk, so that a slow machine cannot let the second pass.
            let request = try #require(Request(method: "GET", target: Self.target, headers: [], body: []))
            let now = ContinuousClock.now
            #expect(simulator.keyyo.makecall(request, now: now).response.status == 200)
            let refused = simulator.keyyo.makecall(request, now: now.advanced(by: .milliseconds(999))).response
            switch form {
            case .status:
                #expect(refused.status == 500)
                #expect(refused.reason == "Come Back Later")
            case .body:
                #expect(refused.status == 200)
                #expect(String(buffer: refused.body) == "500 Come Back Later")
            }
            #expect(simulator.keyyo.makecall(request, now: now.advanced(by: .milliseconds(1_000))).placed != nil)
            #expect(try await client.get(Self.target.replacing("21&", with: "22&")).body == "OK")
        }
    }

    @Test func statusLineOfTheRefusal() async throws {
        try await withSimulator { simulator, client in
            // The account's last action lies ahead, so the refusal does not hang on the speed of this machine.
            let request = try #require(Request(method: "GET", target: Self.target, headers: [], body: []))
            _ = simulator.keyyo.makecall(request, now: .now.advanced(by: .seconds(3_600)))
            let answer = try await client.raw(
                "GET \(Self.target) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 500 Come Back Later\r\n"))
        }
    }

    @Test(arguments: [
        ("ACCOUNT=33199000021&CALLEE=0639980202", "CALLEE not allowed"),
        ("ACCOUNT=33199000021&CALLEE=0639980203", "OK\n"),
        ("ACCOUNT=33199000021", "CALLEE missing or invalid"), ("CALLEE=0639980001", "ACCOUNT missing or invalid"),
        ("ACCOUNT=33199000021&CALLEE=+33639980001", "CALLEE missing or invalid"),
    ])
    func texts(_ query: String, _ text: String) async throws {
        try await withSimulator { _, client in
            let answer = try await client.get("/keyyo/makecall.html?\(query)")
            #expect(answer.body == text)
        }
    }

    @Test(arguments: DigestAlgorithm.allCases)
    func digest(algorithm: DigestAlgorithm) async throws {
        try await withSimulator {
            $0.keyyoPassword = "sip secret"
            $0.keyyoDigest = [algorithm]
        } _: { simulator, client in
            let challenge = try await client.get(Self.target)
            #expect(challenge.status == 401)
            let header = try #require(challenge.header("WWW-Authenticate"))
            let fields = try #require(DigestAnswer.fields(header.dropFirst("Digest ".count)))
            #expect(fields["qop"] == "auth")
            #expect(fields["algorithm"] == algorithm.rawValue)
            func authorization(
                count: String = "00000001", user: String = "33199000021", password: String = "sip secret"
            ) -> [(String, String)] {
                var answer = DigestAnswer()
                answer.username = user
                answer.realm = fields["realm"] ?? ""
                answer.nonce = fields["nonce"] ?? ""
                answer.uri = Self.target
                answer.algorithm = algorithm
                answer.cnonce = "0a4f113b"
                answer.qop = "auth"
                answer.nonceCount = count
                let response = answer.expectedResponse(method: "GET", password: password)
                let text =
                    "Digest username=\"\(user)\", realm=\"\(answer.realm)\", nonce=\"\(answer.nonce)\", "
                    + "uri=\"\(answer.uri)\", algorithm=\(algorithm.rawValue), qop=auth, nc=\(count), "
                    + "cnonce=\"0a4f113b\", response=\"\(response)\", opaque=\"\(fields["opaque"] ?? "")\""
                return [("Authorization", text)]
            }
            #expect(try await client.get(Self.target, headers: authorization(password: "x")).status == 401)
            #expect(try await client.get(Self.target, headers: authorization(user: "33199000022")).status == 401)
            #expect(try await client.get(Self.target, headers: authorization()).body == "OK")
            let replayed = try await client.get(Self.target, headers: authorization())
            #expect(replayed.status == 401)
            #expect(replayed.header("WWW-Authenticate")?.contains("stale=true") == true)
            let busyOrDone = try await client.get(Self.target, headers: authorization(count: "00000002"))
            #expect(busyOrDone.status != 401)
            #expect(simulator.log.requests.map(\.authorization).contains("Digest"))
        }
    }

    /// The example of RFC 7616, section 3.9.1.
    @Test(arguments: [
        (DigestAlgorithm.md5, "8ca523f5e9506fed4657c9700eebdbec"),
        (.sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ])
    func digestOfTheStandard(_ algorithm: DigestAlgorithm, _ response: String) throws {
        let answer = try #require(
            DigestAnswer(
                """
                Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", \
                algorithm=\(algorithm.rawValue), nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, \
                cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="\(response)", \
                opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
                """))
        #expect(answer.expectedResponse(method: "GET", password: "Circle of Life") == answer.response)
    }

    @Test(arguments: [
        "Basic x", "Digest a", "Digest a=\"b", "Digest a=b c=d", "Digest a=1,a=2", "Digest algorithm=SHA-1",
    ])
    func malformedDigest(_ header: String) {
        #expect(DigestAnswer(header) == nil)
    }

    @Test(arguments: [
        ("0639980200", "", ["SETUP", "CONNECT", "RELEASE"]), ("0639980201", "", ["SETUP", "RELEASE"]),
        ("0639980206", "", ["SETUP", "CONNECT"]),
        ("0639980001", "&CALLER=0639980009", ["SETUP", "CONNECT", "RELEASE"]),
    ])
    func leadsToNotifications(_ callee: String, _ more: String, _ types: [String]) async throws {
        try await withSimulator { receiver, other in
            try await withSimulator {
                $0.speed = 100
                $0.keyyoTargets = [
                    try KeyyoTarget(
                        "http://127.0.0.1:\(other.port)/k?a=_ACCOUNT_&f=_CALLER_&t=_CALLEE_&type=_N_TYPE_&d=_DREF_")
                ]
            } _: { simulator, client in
                _ = try await client.get("/keyyo/makecall.html?ACCOUNT=33199000021&CALLEE=\(callee)\(more)")
                try await until { receiver.requestCount == types.count }
                let targets = receiver.log.requests.map(\.target)
                let from = more.isEmpty ? "33199000021" : "0639980009"
                for (target, type) in zip(targets, types) {
                    #expect(target.hasPrefix("/k?a=33199000021&f=\(from)&t=33\(callee.dropFirst())&type=\(type)&d="))
                }
                #expect(Set(targets.map { $0.suffix(32) }).count == 1)
            }
        }
    }

    @Test func recordedCallsAreNotNotified() throws {
        let desk = KeyyoDesk(SimulatorConfiguration(listen: try LoopbackAddress("127.0.0.1:0")))
        let request = try #require(Request(method: "GET", target: Self.target + "&RECORD=1", headers: [], body: []))
        #expect(desk.makecall(request, now: .now).placed?.plot.notifications.isEmpty == true)
    }
}
