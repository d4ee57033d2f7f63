import Foundation
import Testing

/// Webhooks over TLS, with a certificate made on the spot.
@Suite struct TLSTests {
    private func makeCertificate(_ name: String, _ site: Site) async throws {
        let openssl = try Program(
            "/usr/bin/env",
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                "\(site.directory)/\(name).key", "-out", "\(site.directory)/\(name).pem",
            ])
        try #require(await openssl.exitCode() == 0, "\(openssl.errors)")
    }

    private func configure(_ site: Site, certificate: String, key: String) throws {
        let (certificate, key) = ("\(site.directory)/\(certificate)", "\(site.directory)/\(key)")
        try site.write(
            "ctibridge.yaml",
            """
            country: FR
            sources:
              - {name: desk, provider: keyyo, account: "33199000021", secret: {credential: hook}}
            webhooks:
              listen: "127.0.0.1:\(site.hookPort)"
              tls: {certificate: "\(certificate)", key: "\(key)"}

            """)
    }

    @Test func aNotificationOverHTTPSIsAnsweredAndBecomesAnEvent() async throws {
        let site = try Site()
        try await makeCertificate("own", site)
        try configure(site, certificate: "own.pem", key: "own.key")
        let daemon = try await site.start(arguments: ["--log-level", "trace"])
        let request =
            "GET /hooks/keyyo/desk/\(Site.hookSecret)?account=33199000021&caller=33639980001&callee=33199000021"
            + "&type=SETUP&callref=tls HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nConnection: close\\r\\n\\r\\n"
        // With the certificate trusted and its address verified.
        let client = try Program(
            "/bin/sh",
            [
                "-c",
                "printf '\(request)' | openssl s_client -quiet -verify_return_error -verify_ip 127.0.0.1 "
                    + "-CAfile '\(site.directory)/own.pem' -connect 127.0.0.1:\(site.hookPort)",
            ])
        #expect(await client.exitCode() != nil)
        #expect(client.lines.first?.hasPrefix("HTTP/1.1 200") == true, "\(client.lines) \(client.errors)")
        #expect(try site.events().contains { $0.type == "call.ringing" && $0.text.contains("+33639980001") })
        #expect(!daemon.errors.contains(Site.hookSecret))

        // Plain HTTP on the same port is no HTTP.
        #expect(throws: (any Error).self) { try site.notify("account=33199000021") }
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 3) == 0)
    }

    @Test func filesThatCannotBeUsedAreNamed() async throws {
        let site = try Site()
        try await makeCertificate("own", site)
        try await makeCertificate("other", site)
        try site.write("nonsense.pem", "nonsense\n")
        let cases: [(certificate: String, key: String, named: String, code: Int32)] = [
            ("nonsense.pem", "own.key", "nonsense.pem", 78),
            ("own.pem", "nonsense.pem", "nonsense.pem", 78),
            ("own.pem", "other.key", "other.key", 78),
            ("missing.pem", "own.key", "missing.pem", 78),
        ]
        for (certificate, key, named, code) in cases {
            try configure(site, certificate: certificate, key: key)
            let daemon = try Program(
                "ctibridged",
                [
                    "--config", site.configuration, "--state-dir", "\(site.directory)/state", "--runtime-dir",
                    "\(site.directory)/run",
                ], environment: ["CREDENTIALS_DIRECTORY": "\(site.directory)/credentials"])
            #expect(await daemon.exitCode() == code, "\(certificate) \(key)")
            #expect(daemon.errors.contains("\(site.directory)/\(named)"), "\(daemon.errors)")
        }
    }
}
