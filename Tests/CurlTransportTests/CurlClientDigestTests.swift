import CallModel
import CurlTransport
import Testing

@Suite("HTTP Digest (RFC 7616), and nothing weaker")
struct CurlClientDigestTests {
    static let hashes: [String: @Sendable (String) -> String] = [
        "MD5": { TestHashes.md5($0) }, "SHA-256": { TestHashes.sha256($0) },
    ]

    @Test("the hashes of these tests are right")
    func hashVectors() {
        #expect(TestHashes.md5("abc") == "900150983cd24fb0d6963f7d28e17f72")
        #expect(TestHashes.sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(TestHashes.md5(String(repeating: "a", count: 100)) == "36a92cc94a9e0fa21f625f8bfb007adf")
    }

    /// Keeps to RFC 7616, section 3.4: unq(response) = KD(H(A1), nonce:nc:cnonce:qop:H(A2)), and without qop to RFC
    /// 2069: KD(H(A1), nonce:H(A2)).
    /// - Parameter stale: how many right logins are called out of date; each request has a nonce of its own.
    private func server(
        _ algorithm: String, user: String, password: String, hasQOP: Bool = true, stale: Int = 0
    ) async throws -> ScriptedServer {
        let hash = try #require(Self.hashes[algorithm])
        return try await ScriptedServer { seen in
            let nonce = "n0nce\(seen.index)"
            let challenge =
                "WWW-Authenticate: Digest realm=\"keyyo\", nonce=\"\(nonce)\", algorithm=\(algorithm)"
                + (hasQOP ? ", qop=\"auth\"" : "")
            guard let given = seen.headers["authorization"], given.hasPrefix("Digest ") else {
                return [.reply("401 Unauthorized", headers: [challenge, "WWW-Authenticate: Basic realm=\"k\""], "no")]
            }
            var fields: [String: String] = [:]
            for field in given.dropFirst(7).split(separator: ",") {
                let parts = field.split(separator: "=", maxSplits: 1)
                fields[parts[0].trimmed] = parts[1].trimmed
            }
            let first = hash("\(user):keyyo:\(password)")
            let second = hash("\(seen.method):\(fields["uri"] ?? "")")
            let parts = hasQOP ? ["nonce", "nc", "cnonce", "qop"] : ["nonce"]
            let rest = parts.map { fields[$0] ?? "" }.joined(separator: ":")
            let isRight =
                fields["response"] == hash("\(first):\(rest):\(second)") && fields["uri"] == seen.target
                && fields["username"] == user && fields["nonce"] == "n0nce\(seen.index - 1)"
            if isRight, seen.index <= stale {
                return [.reply("401 Unauthorized", headers: [challenge + ", stale=true"], "no")]
            }
            return isRight ? [.reply("200 OK", "OK\n")] : [.reply("401 Unauthorized", headers: [challenge], "no")]
        }
    }

    @Test("the challenge is answered", arguments: ["MD5", "SHA-256"])
    func answered(algorithm: String) async throws {
        let server = try await server(algorithm, user: "33199000001", password: "s!p pass")
        let reply = try await CurlClient().execute(
            HTTPRequest(
                .get, server.url("/makecall.html?ACCOUNT=33199000001&CALLEE=0639980001"),
                authentication: .digest(user: "33199000001", password: Redacted("s!p pass"))))
        #expect(reply.status == 200)
        #expect(reply.body == Array("OK\n".utf8))
        #expect(server.requests.count == 2)
        #expect(server.requests.first?.headers["authorization"] == nil)
        try await server.stop()
    }

    @Test("a POST is answered too, with its body", arguments: ["MD5", "SHA-256"])
    func posted(algorithm: String) async throws {
        let server = try await server(algorithm, user: "u", password: "p")
        let reply = try await CurlClient().execute(
            HTTPRequest(
                .post, server.url("/call"), body: Array("callee=1".utf8),
                authentication: .digest(user: "u", password: Redacted("p"))))
        #expect(reply.status == 200)
        #expect(server.requests.last?.body == "callee=1")
        try await server.stop()
    }

    @Test("a wrong password is a 401 reply, tried once", arguments: ["MD5", "SHA-256"])
    func wrongPassword(algorithm: String) async throws {
        let server = try await server(algorithm, user: "u", password: "right")
        let reply = try await CurlClient().execute(
            HTTPRequest(.get, server.url("/"), authentication: .digest(user: "u", password: Redacted("wrong"))))
        #expect(reply.status == 401)
        #expect(reply.body == Array("no".utf8))
        #expect(reply.loginTrouble == nil)
        #expect(server.requests.count == 2)
        try await server.stop()
    }

    @Test("a challenge without qop is answered in the way of RFC 2069", arguments: ["MD5", "SHA-256"])
    func withoutQOP(algorithm: String) async throws {
        let server = try await server(algorithm, user: "u", password: "p", hasQOP: false)
        let reply = try await CurlClient().execute(
            HTTPRequest(.get, server.url("/"), authentication: .digest(user: "u", password: Redacted("p"))))
        #expect(reply.status == 200)
        #expect(server.requests.count == 2)
        #expect(server.requests.last?.headers["authorization"]?.contains("qop") == false)
        try await server.stop()
    }

    @Test("a login that is out of date is repeated with the new nonce", arguments: [true, false])
    func staleOnce(hasQOP: Bool) async throws {
        let server = try await server("MD5", user: "u", password: "p", hasQOP: hasQOP, stale: 1)
        let reply = try await CurlClient().execute(
            HTTPRequest(.get, server.url("/"), authentication: .digest(user: "u", password: Redacted("p"))))
        #expect(reply.status == 200)
        #expect(reply.loginTrouble == nil)
        #expect(server.requests.count == 3)
        try await server.stop()
    }

    @Test("and only once: after that it is a refusal, of a call that was never placed")
    func staleForEver() async throws {
        let server = try await server("MD5", user: "u", password: "p", stale: .max)
        let client = CurlClient()
        let request = HTTPRequest(.get, server.url("/"), authentication: .digest(user: "u", password: Redacted("p")))
        for round in 1...2 {
            let reply = try await client.execute(request)
            #expect(reply.status == 401)
            #expect(reply.loginTrouble == .neverCurrent)
            #expect(server.requests.count == 3 * round)
        }
        try await server.stop()
    }

    /// The call may have been placed: the refusal before it is not its answer.
    @Test("a login whose answer never comes is a failure, after a stale one too", arguments: [2, 3])
    func cut(request last: Int) async throws {
        let server = try await ScriptedServer { seen in
            guard seen.index + 1 < last else { return [.close] }
            let stale = seen.index > 0 ? ", stale=true" : ""
            return [
                .reply(
                    "401 Unauthorized",
                    headers: ["WWW-Authenticate: Digest realm=\"k\", nonce=\"n\(seen.index)\", qop=\"auth\"\(stale)"])
            ]
        }
        let failure = await #expect(throws: HTTPFailure.self) {
            try await CurlClient().execute(
                HTTPRequest(.get, server.url("/"), authentication: .digest(user: "u", password: Redacted("p"))))
        }
        #expect(failure?.mayHaveBeenSent == true)
        #expect(server.requests.count == last)
        try await server.stop()
    }

    /// libcurl speaks MD5-sess with qop alone.
    @Test("a login that we do not speak is no wrong password")
    func notSpoken() async throws {
        let server = try await ScriptedServer { _ in
            [
                .reply(
                    "401 Unauthorized", headers: [#"WWW-Authenticate: Digest realm="k", nonce="n", algorithm=MD5-sess"#]
                )
            ]
        }
        let reply = try await CurlClient().execute(
            HTTPRequest(.get, server.url(), authentication: .digest(user: "u", password: Redacted("p"))))
        #expect(reply.status == 401)
        #expect(reply.loginTrouble == .notSpoken)
        #expect(server.requests.map { $0.headers["authorization"] } == [nil])
        try await server.stop()
    }

    /// libcurl would sign the request line alone, and be refused.
    @Test(
        "a login that signs the body is not spoken either, and the others are",
        arguments: [
            (#"Digest realm="a \"k\", qop=auth", nonce="n", qop="auth-int""#, true),
            (#"DIGEST nonce="n", realm="k", QOP=auth-int, algorithm=MD5"#, true),
            (#"Digest realm="k", nonce="n", qop="auth-int, auth""#, false),
            (#"Digest realm="k", nonce="n", qop=auth"#, false), (#"Digest realm="k", nonce="n""#, false),
            (#"Digest realm="qop=auth-int", nonce="n""#, false),
        ])
    func bodySigned(challenge: String, isWithheld: Bool) async throws {
        let server = try await ScriptedServer { seen in
            seen.headers["authorization"] == nil
                ? [.reply("401 Unauthorized", headers: ["WWW-Authenticate: \(challenge)"], "no")]
                : [.reply("200 OK", "OK\n")]
        }
        for round in 1...2 {
            let reply = try await CurlClient().execute(
                HTTPRequest(.get, server.url("/"), authentication: .digest(user: "u", password: Redacted("p"))))
            #expect(reply.status == (isWithheld ? 401 : 200))
            #expect(reply.loginTrouble == (isWithheld ? .notSpoken : nil))
            #expect(server.requests.count == (isWithheld ? 1 : 2) * round)
        }
        try await server.stop()
    }

    @Test("the password is not sent to a server that offers only Basic")
    func onlyBasicOffered() async throws {
        let server = try await ScriptedServer { _ in
            [.reply("401 Unauthorized", headers: ["WWW-Authenticate: Basic realm=\"k\""])]
        }
        let reply = try await CurlClient().execute(
            HTTPRequest(.get, server.url(), authentication: .digest(user: "u", password: Redacted("p"))))
        #expect(reply.status == 401)
        #expect(server.requests.map { $0.headers["authorization"] } == [nil])
        try await server.stop()
    }

    @Test("the authorised request is not sent again when its connection dies")
    func notRepeated() async throws {
        let server = try await ScriptedServer { seen in
            seen.headers["authorization"] == nil
                ? [.reply("401 Unauthorized", headers: [#"WWW-Authenticate: Digest realm="k", nonce="n", qop="auth""#])]
                : [.close]
        }
        let failure = try await failure(
            of: CurlClient(),
            HTTPRequest(.get, server.url("/makecall"), authentication: .digest(user: "u", password: Redacted("p"))))
        #expect(failure.kind == .connectionLost)
        #expect(failure.mayHaveBeenSent)
        #expect(server.requests.filter { $0.headers["authorization"] != nil }.count == 1)
        try await server.stop()
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\"" }.reversed().drop { $0 == " " || $0 == "\"" }.reversed())
    }
}
