import NIOSSL

/// Reads certificate and key.
enum WebhookTLS {
    static func context(_ files: WebhookSettings.TLSFiles) throws(WebhookListenerError) -> NIOSSLContext {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificate)
        } catch {
            throw .certificateUnreadable(path: files.certificate, reason: "\(error)")
        }
        guard !chain.isEmpty else {
            throw .certificateUnreadable(path: files.certificate, reason: "it holds no certificate")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: files.key, format: .pem)
        } catch {
            throw .keyUnreadable(path: files.key, reason: "\(error)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .keyDoesNotFit(certificate: files.certificate, key: files.key, reason: "\(error)")
        }
    }
}
