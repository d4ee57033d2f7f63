import Foundation
import Testing

/// Webhooks over TLS, with a certificate made on the spot.
@Suite struct TLSTests {
    /// The beginning of a notification, for `printf`.
    private let request =
        "GET /hooks/keyyo/desk/\(Site.hookSecret)?account=33199000021&caller=33639980001&callee=33199000021"
        + "&type=SETUP&callref=tls HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\n"

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
        // With the certificate trusted and its address verified.
        let client = try Program(
            "/bin/sh",
            [
                "-c",
                "printf '\(request)Connection: close\\r\\n\\r\\n' | openssl s_client -quiet -verify_return_error -verify_ip 127.0.0.1 "
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

    /// A client that sends what `printf` makes of a text, and then stays.
    private func client(_ name: String, sends text: String, _ site: Site) throws -> Program {
        try Program(
            "/bin/sh",
            [
                "-c",
                "mkfifo '\(site.directory)/\(name)'; exec 3<>'\(site.directory)/\(name)'; printf '\(text)' >&3; "
                    + "exec openssl s_client -quiet -connect 127.0.0.1:\(site.hookPort) <&3",
            ])
    }

    private func text(of reader: Int32, until end: String) -> String {
        var (text, buffer) = ("", [UInt8](repeating: 0, count: 65_536))
        while !text.contains(end) {
            let count = recv(reader, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return text
    }

    /// Every connection over TLS has two sides that say goodbye: no client may make the readers of the stream go
    /// without theirs.
    @Test func aStopWaitsForNoConnectionOverTLS() async throws {
        let site = try Site()
        try await makeCertificate("own", site)
        try configure(site, certificate: "own.pem", key: "own.key")
        let daemon = try await site.start()
        let reader = try PlainHTTP.connect(.socket("\(site.directory)/run/events.sock"))
        defer { close(reader) }
        #expect(text(of: reader, until: "stream.hello").contains("stream.hello"))

        let silent = try PlainHTTP.connect(.port(site.hookPort))
        let half = try PlainHTTP.connect(.port(site.hookPort))
        defer { for descriptor in [silent, half] { close(descriptor) } }
        // The beginning of a ClientHello.
        #expect(send(half, [0x16, 3, 1, 2, 0, 1] as [UInt8], 6, Int32(MSG_NOSIGNAL)) == 6)
        let whole = request + "\\r\\n"
        let clients = [
            try client("idle", sends: whole, site), try client("deaf", sends: whole, site),
            try client("head", sends: whole + request, site),
            try client("body", sends: whole + request + "Content-Length: 10\\r\\n\\r\\nabc", site),
        ]
        for client in clients {
            #expect(await eventually { client.lines.first?.hasPrefix("HTTP/1.1 200") == true }, "\(client.errors)")
        }
        clients[1].signal(SIGSTOP)

        daemon.signal(SIGTERM)
        #expect(text(of: reader, until: "stream.bye").contains("stream.bye"))
        #expect(await daemon.exitCode(within: 3) == 0)
        #expect(daemon.errors.contains("stopped"))
    }

    @Test func aClosedConnectionOverTLSLeavesNothingBehind() async throws {
        let site = try Site()
        try await makeCertificate("own", site)
        try configure(site, certificate: "own.pem", key: "own.key")
        let daemon = try await site.start()
        let descriptors: @Sendable () throws -> Int = {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(daemon.id)/fd").count
        }
        let before = try descriptors()
        let clients = try Program(
            "/bin/sh",
            [
                "-c",
                "for i in $(seq 30); do printf '\(request)Connection: close\\r\\n\\r\\n' "
                    + "| openssl s_client -quiet -connect 127.0.0.1:\(site.hookPort) & done; wait",
            ])
        #expect(await clients.exitCode() != nil)
        #expect(clients.lines.filter { $0.hasPrefix("HTTP/1.1 200") }.count == 30, "\(clients.errors)")
        // Some that are opened when they are first needed are not of these connections.
        #expect(try await eventually(within: 2) { try descriptors() <= before + 8 })
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
