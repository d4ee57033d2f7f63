package import CallModel

/// Where the control API is served.
package struct APIConfiguration: Sendable, Hashable {
    /// Absolute, or relative to the runtime directory. Whoever can open it can place calls.
    package let socket: String
    /// Permission bits, `0o660`.
    package let socketMode: UInt32
    /// Nil: the group of the daemon.
    package let socketGroup: SocketGroup?
    /// Nil: the API is served on its socket only.
    package let http: HTTP?

    /// The same API over TCP, for holders of a bearer token.
    package struct HTTP: Sendable, Hashable {
        package let listen: ListenAddress
        /// The listener may be off loopback, because a proxy in front of it speaks TLS: tokens do not cross a network
        /// in clear.
        package let isBehindProxy: Bool
        /// 1 to 100.
        package let tokens: [Token]
    }

    /// A bearer token (RFC 6750) and what its holder may do.
    package struct Token: Sendable, Hashable {
        /// Names the holder in logs.
        package let name: String
        package let secret: Redacted<String>
        package let may: Set<Permission>
    }

    /// What a token is good for; the socket is good for all of it.
    package enum Permission: String, Sendable, CaseIterable {
        /// Events, calls, sources, subscribers, metrics.
        case read
        /// Placing, following and ending calls.
        case dial
        /// Raw deliveries.
        case raw
    }
}
