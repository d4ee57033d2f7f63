package import CallModel

/// Where the webhook listener listens and what it bears. Fixed while it runs; the routes are not.
package struct WebhookSettings: Sendable {
    /// An IP address or `localhost`.
    package var host: String
    /// 0: any free one, see `WebhookListener.boundPort`.
    package var port: Int
    /// A listening socket the service manager opened; used instead of `host` and `port`. The listener owns it.
    package var inheritedDescriptor: Int32?
    /// Nil: plain HTTP.
    package var tls: TLSFiles?
    package var limits: Limits

    /// PEM files; the certificate file may hold the whole chain.
    package struct TLSFiles: Sendable, Hashable {
        package var certificate: String
        package var key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// What one client, or all together, may take up. Beyond it they are refused, not queued without end.
    package struct Limits: Sendable, Hashable {
        /// Open connections; more wait in the kernel's queue until one closes. Keep it below the descriptor limit.
        /// The memory bound of the listener is about this many times the largest body.
        package var connections = 256
        /// From a request's head to the end of its reply. Then `408` or `503`, and the connection is closed.
        package var request = Span.seconds(10)
        /// From connecting, or from the reply before, to the end of the next head.
        package var idle = Span.seconds(15)
        /// How long what the client still sends is thrown away after a refusal, so that it gets to read the reply.
        package var linger = Span.seconds(2)
        /// How long a request in progress may still take when the listener stops.
        package var stop = Span.milliseconds(300)
        /// The raw query, without its question mark. Longer: `414`.
        package var queryBytes = 8 << 10
        /// Request line and headers together, and each of them. Longer: `431`.
        package var headBytes = 16 << 10
        /// More: `431`.
        package var headerCount = 64

        package init() {}
    }

    package init(
        host: String = "127.0.0.1", port: Int = 8480, inheritedDescriptor: Int32? = nil, tls: TLSFiles? = nil,
        limits: Limits = Limits()
    ) {
        self.host = host
        self.port = port
        self.inheritedDescriptor = inheritedDescriptor
        self.tls = tls
        self.limits = limits
    }
}
