package import CallModel

/// Where the control API is served.
package struct APIConfiguration: Sendable, Hashable {
    /// Absolute, or relative to the runtime directory. Whoever can open it can place calls.
    package let socket: String
    /// Permission bits, `0o660`.
    package let socketMode: UInt32
    package let socketGroup: SocketGroup?
    package let http: HTTP?

    /// The same API over TCP, for holders of a bearer token.
    package struct HTTP: Sendable, Hashable {
        package let listen: ListenAddress
        package let isBehindProxy: Bool
        /// 1 to 100.
        package let tokens: [Token]
    }

    package struct Token: Sendable, Hashable {
        /// Names the holder in logs.
        package let name: String
        package let secret: Redacted<String>
        package let may: Set<Permission>
    }

    package enum Permission: String, Sendable, CaseIterable {
        /// Events, calls, sources, subscribers, metrics.
        case read
        /// Placing, following and ending calls.
        case dial
        /// Raw deliveries.
        case raw
    }
}
