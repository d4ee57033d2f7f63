import CallModel
import CurlTransport
import Foundation
import Intake
import ScratchDirectory
import Testing

@Suite("TLS, from both ends", .timeLimit(.minutes(1)))
struct WebhookTLSTests {
    /// A fresh self-signed certificate for 127.0.0.1, in a directory of its own.
    private struct Certificate {
        private let scratch: ScratchDirectory
        var files: WebhookSettings.TLSFiles {
            .init(certificate: scratch.path("cert.pem"), key: scratch.path("key.pem"))
        }

        init() throws {
            scratch = try ScratchDirectory()
            try renew()
        }

        func renew() throws {
            let openssl = Process()
            openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            openssl.arguments =
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
                .split(separator: " ").map(String.init)
                + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", files.key, "-out", files.certificate]
            openssl.standardError = FileHandle.nullDevice
            try openssl.run()
            openssl.waitUntilExit()
            try #require(openssl.terminationStatus == 0)
        }

        func remove() { scratch.remove() }
    }

    private func settings(_ certificate: Certificate) -> WebhookSettings {
        WebhookSettings(port: 0, tls: certificate.files)
    }

    private func tlsFailure(_ client: CurlClient, _ request: HTTPRequest) async -> HTTPFailure? {
        do {
            _ = try await client.execute(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("a client that trusts the certificate delivers")
    func trusted() async throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        let sink = ScriptedSink()
        try await withListener(sink: sink, settings: settings(certificate)) { port, _ in
            let client = CurlClient(certificateAuthorityFile: certificate.files.certificate)
            for _ in 0..<3 {
                let reply = try await client.execute(HTTPRequest(.get, "https://127.0.0.1:\(port)\(keyyoPath)?a=b"))
                #expect(reply.status == 200)
            }
            let posted = try await client.execute(
                HTTPRequest(
                    .post, "https://127.0.0.1:\(port)\(dmcPath)", body: [UInt8](repeating: 0x61, count: 500_000)))
            #expect(posted.status == 200)
            client.shutdown()
        }
        #expect(sink.deliveries.last?.body.count == 500_000)
    }

    @Test("certificates to trust are read once, not for each connection")
    func trustedOnce() async throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        try await withListener(settings: settings(certificate)) { port, _ in
            let client = CurlClient(certificateAuthorityFile: certificate.files.certificate)
            defer { client.shutdown() }
            // Each POST opens a connection of its own.
            let request = HTTPRequest(.post, "https://127.0.0.1:\(port)\(dmcPath)", body: [0x61])
            #expect(try await client.execute(request).status == 200)
            try FileManager.default.removeItem(atPath: certificate.files.certificate)
            #expect(try await client.execute(request).status == 200)
        }
    }

    @Test("a client that does not, sends nothing: kind tls")
    func untrusted() async throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        let sink = ScriptedSink()
        try await withListener(sink: sink, settings: settings(certificate)) { port, _ in
            let url = "https://127.0.0.1:\(port)\(keyyoPath)?a=b"
            let failure = try #require(await tlsFailure(CurlClient(), HTTPRequest(.post, url)))
            #expect(failure.kind == .tls)
            #expect(!failure.mayHaveBeenSent)
            #expect(!failure.description.contains("s3cret"))
            // The certificate is for another name.
            let trusting = CurlClient(certificateAuthorityFile: certificate.files.certificate)
            let wrongName = try #require(
                await tlsFailure(trusting, HTTPRequest(.get, "https://localhost:\(port)\(keyyoPath)")))
            #expect(wrongName.kind == .tls)
            #expect(!wrongName.mayHaveBeenSent)
        }
        #expect(sink.deliveries.isEmpty)
    }

    @Test("TLS to a server that speaks none: kind tls, nothing sent")
    func plainServer() async throws {
        try await withListener { port, _ in
            let failure = try #require(
                await tlsFailure(CurlClient(), HTTPRequest(.post, "https://127.0.0.1:\(port)\(keyyoPath)")))
            #expect(failure.kind == .tls)
            #expect(!failure.mayHaveBeenSent)
        }
    }

    @Test("a renewed certificate is used after reloading, and a broken one is not")
    func reloaded() async throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        try await withListener(settings: settings(certificate)) { port, listener in
            let request = HTTPRequest(.get, "https://127.0.0.1:\(port)\(keyyoPath)?a=b")
            try certificate.renew()
            let client = CurlClient(certificateAuthorityFile: certificate.files.certificate)
            #expect(await tlsFailure(client, request)?.kind == .tls)
            try listener.reloadCertificate()
            let renewed = try await client.execute(request)
            #expect(renewed.status == 200)
            try Data("nothing".utf8).write(to: URL(fileURLWithPath: certificate.files.key))
            #expect(throws: WebhookListenerError.self) { try listener.reloadCertificate() }
            let kept = try await client.execute(request)
            #expect(kept.status == 200)
        }
    }

    @Test("files that cannot be used are named")
    func badFiles() throws {
        let certificate = try Certificate()
        defer { certificate.remove() }
        let other = try Certificate()
        defer { other.remove() }
        func error(_ files: WebhookSettings.TLSFiles) -> WebhookListenerError? {
            do throws(WebhookListenerError) {
                _ = try WebhookListener(
                    settings: WebhookSettings(port: 0, tls: files), routes: [], sink: ScriptedSink(),
                    clock: { Timestamp(milliseconds: 0) })
                return nil
            } catch {
                return error
            }
        }
        guard
            case .certificateUnreadable(path: "/nonexistent.pem", _) = error(
                .init(certificate: "/nonexistent.pem", key: certificate.files.key))
        else {
            Issue.record("a missing certificate was taken")
            return
        }
        guard
            case .keyUnreadable(path: certificate.files.certificate, _) = error(
                .init(certificate: certificate.files.certificate, key: certificate.files.certificate))
        else {
            Issue.record("a certificate was taken for a key")
            return
        }
        let foreign = WebhookSettings.TLSFiles(certificate: certificate.files.certificate, key: other.files.key)
        guard case .keyDoesNotFit = error(foreign) else {
            Issue.record("another certificate's key was taken")
            return
        }
    }
}
