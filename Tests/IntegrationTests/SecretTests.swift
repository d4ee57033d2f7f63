import Foundation
import Testing

/// Keys, passwords and the secrets in paths are in nothing that the daemon writes, whoever sends them back to it.
@Suite struct SecretTests {
    @Test func noSecretComesOut() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start(arguments: ["--log-level", "trace"])
        let key = FiveProviders.orangeKey
        let encoded = try #require(key.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        let secrets = [
            key, FiveProviders.orangeSecret, FiveProviders.sfrSecret, FiveProviders.voipgridSecret, Site.hookSecret,
            Site.token, Site.password,
        ]

        // A provider that shows the key in its refusal, and one whose answer is lost.
        let quoted = key.replacingOccurrences(of: "\"", with: "\\\"")
        try five.play(
            #"{"at":0,"orange":{"answer":"createCall","times":1,"code":401,"message":"bad id \#(quoted)"}}"#)
        let refused = try await five.client(["dial", "--source", "legacy", "0639980300"])
        #expect(refused.code == 1 && refused.errors.contains("bad id [redacted]"), "\(refused.errors)")
        try five.fail(#"{"provider":"orange","kind":"cut","when":"after","count":1}"#)
        let unknown = try await five.client(["dial", "--source", "legacy", "0639980300"])
        #expect(unknown.code == 75, "\(unknown.errors)")
        try five.fail(
            #"{"provider":"orange","kind":"status","value":500,"count":1,"body":"\#(quoted) \#(encoded)"}"#)
        let failed = try await five.client(["sms", "--source", "legacy", "0639980300", "hello"])
        #expect(failed.code != 0)
        let conference = try #require(
            try await five.client(["conference", "create", "--source", "legacy", "--minutes", "5"]).lines.first)
        let guest = try await five.client(["conference", "call", "--source", "legacy", conference, "0639980300"])
        #expect(guest.code == 0)

        // Senders that repeat what they know, in each form.
        let base64 = Data(key.utf8).base64EncodedString()
        for text in [encoded, try #require(base64.addingPercentEncoding(withAllowedCharacters: .alphanumerics))] {
            #expect(
                try PlainHTTP.get(
                    five.site.hooks,
                    "/hooks/orange/legacy/\(FiveProviders.orangeSecret)?from=33639980051&content=marker-\(text)"
                ).status == 200)
        }
        #expect(
            try five.report(
                #"<status_report username="1"><sms to="+33639980042" status="ANSWERED" call_id="1" "#
                    + #"info="\#(FiveProviders.sfrSecret)"/></status_report>"#) == 200)
        #expect(try five.report("marker-damaged \(FiveProviders.sfrSecret)") == 200)
        #expect(
            try PlainHTTP.request(
                "POST", five.site.hooks, "/hooks/voipgrid/sales/\(FiveProviders.voipgridSecret)",
                body: #"{"marker-voipgrid":"\#(FiveProviders.voipgridSecret)"}"#
            ).status == 200)
        // Wrong paths are logged without what stood in them.
        #expect(try five.report("x", secret: FiveProviders.orangeSecret) == 404)

        let events = try five.site.events()
        let calls = Set(events.filter { $0.type.hasPrefix("call.") }.map(\.subject))
        #expect(calls.count >= 3)
        #expect(try five.keeps("marker-damaged") && five.keeps("marker-voipgrid"))
        var shown = [refused.errors, unknown.errors, failed.errors, guest.errors] + events.map(\.text)
        for path in ["/v1/sources", "/v1/calls", "/v1/subscribers", "/metrics"] + calls.map({ "/v1/calls/\($0)" }) {
            shown.append(try PlainHTTP.get(five.site.api, path).body)
        }
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 3) == 0)
        shown += daemon.lines + [daemon.errors]
        for secret in secrets {
            let escaped = try #require(secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            for form in [secret, escaped, escaped.lowercased(), Data(secret.utf8).base64EncodedString()] {
                #expect(try !five.keeps(form), "kept: \(form)")
                #expect(shown.allSatisfy { !$0.contains(form) }, "shown: \(form)")
            }
        }
    }
}
