import Glibc
import NIOCore
import NIOSSL

/// Reads certificate and key.
enum WebhookTLS {
    /// How long a connection that we close waits for the other end's goodbye (close_notify). Nobody has to wait for it
    /// (RFC 8446, section 6.1), and with half-closed connections allowed the library does not see it when it comes: the
    /// library's 5 s are what a stop and every closed connection would take. Not zero: a client that says goodbye
    /// should not find the connection reset.
    private static let farewellMilliseconds: Int64 = 100

    static func context(_ files: WebhookSettings.TLSFiles) throws(WebhookListenerError) -> NIOSSLContext {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificate)
        } catch {
            throw .certificateUnreadable(path: files.certificate, reason: reason(files.certificate, "no certificate"))
        }
        guard !chain.isEmpty else {
            throw .certificateUnreadable(path: files.certificate, reason: "it holds no certificate")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: files.key, format: .pem)
        } catch {
            throw .keyUnreadable(path: files.key, reason: reason(files.key, "no private key"))
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = .milliseconds(farewellMilliseconds)
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .keyDoesNotFit(
                certificate: files.certificate, key: files.key, reason: "the key is not that of the first certificate")
        }
    }

    /// The library tells only that it could not.
    private static func reason(_ path: String, _ missing: String) -> String {
        access(path, R_OK) == 0 ? "it holds \(missing) in PEM form" : String(cString: strerror(errno))
    }
}
