/// The listener that providers connect to.
package struct WebhookConfiguration: Sendable, Hashable {
    /// With which the listener speaks TLS itself.
    package struct TLSFiles: Sendable, Hashable {
        /// PEM, the server's certificate first. Absolute path.
        package let certificate: String
        /// PEM. Absolute path.
        package let key: String
    }

    package let listen: ListenAddress
    /// What the world calls this listener; only used to print URLs.
    package let publicURL: BaseURL?
    /// Nil: plain HTTP, on loopback or behind a proxy only.
    package let tls: TLSFiles?
    /// Plain HTTP off loopback is meant: a proxy in front of us speaks TLS.
    package let isBehindProxy: Bool
    /// Peers whose `X-Forwarded-For` is believed.
    package let trustedProxies: [AddressEntry]
}
