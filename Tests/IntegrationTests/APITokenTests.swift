import Foundation
import Testing

/// The API over TCP is for who has a token.
@Suite struct APITokenTests {
    private static let reader = "reader-token-for-tests-0001"
    private static let dialer = "dialer-token-for-tests-0001"

    @Test func aTokenOpensWhatItMay() async throws {
        let site = try Site()
        let port = try Site.freePort()
        try site.write("credentials/reader", Self.reader)
        try site.write("credentials/dialer", Self.dialer)
        try site.writeConfiguration(
            extra: """
                api:
                  http:
                    listen: "127.0.0.1:\(port)"
                    tokens:
                      - {name: crm, credential: reader}
                      - {name: dialer, credential: dialer, may: [read, dial]}
                """)
        let daemon = try await site.start(arguments: ["--log-level", "trace"])
        func status(_ path: String, _ token: String?) throws -> Int {
            try PlainHTTP.request(
                "GET", .port(port), path, headers: token.map { ["Authorization: Bearer \($0)"] } ?? []
            ).status
        }
        for path in ["/v1/sources", "/v1/events?follow=false", "/v1/calls", "/v1/subscribers", "/metrics"] {
            #expect(try status(path, nil) == 401, "\(path)")
            #expect(try status(path, "wrong-token-for-tests-0001") == 401, "\(path)")
            #expect(try status(path, String(Self.reader.dropLast())) == 401, "\(path)")
            #expect(try status(path, Self.reader) == 200, "\(path)")
        }
        #expect(try status("/v1/sources?token=\(Self.reader)", nil) == 401)
        #expect(try status("/healthz", nil) == 200)

        let place = { (token: String) in
            try PlainHTTP.request(
                "POST", .port(port), "/v1/calls",
                headers: ["Authorization: Bearer \(token)", "Content-Type: application/json"],
                body: #"{"source":"nobody","to":"0639980009"}"#
            ).status
        }
        #expect(try place(Self.reader) == 403)
        // It may, and is told that there is no such source.
        #expect(![200, 202, 401, 403].contains(try place(Self.dialer)))

        #expect(try site.notify("account=33199000021&caller=33639980001&callee=33199000021&type=SETUP") == 200)
        #expect(try site.notify("type=SETUP", secret: Site.hookSecret + "x") == 404)
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 3) == 0)
        let texts = daemon.errors + daemon.lines.joined()
        for secret in [Self.reader, Self.dialer, "wrong-token", Site.hookSecret, Site.token, Site.password] {
            #expect(!texts.contains(secret), "\(secret)")
        }
        #expect(!daemon.errors.contains("639980001"))
    }
}
