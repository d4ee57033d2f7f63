import HostSupport

/// Where the API listens.
package enum APIListener: Sendable, Hashable {
    /// Whoever may open the socket may do everything. `group` nil: the group of the process. Removed at the end.
    case unix(path: String, mode: UInt32 = 0o660, group: String? = nil)
    /// A listening socket handed over by the service manager, not ours to remove. One over TCP asks for tokens.
    case inherited(descriptor: Int32)
    /// Plain HTTP, hence on a loopback address only, unless a proxy that speaks TLS is said to be in front; asks for
    /// tokens. Port 0: any.
    case tcp(host: String, port: Int, isBehindProxy: Bool = false)

    /// Listens; nobody accepts yet.
    func open() throws(APIListenError) -> BoundSocket {
        if case .tcp(let host, _, false) = self, Self.loopback(host) == nil { throw .notLoopback(host) }
        do throws(SocketError) {
            switch self {
            case .unix(let path, let mode, let group):
                return try BoundSocket.unix(path: path, mode: mode, group: group)
            case .inherited(let descriptor): return try BoundSocket.adopt(descriptor, families: [.unix, .tcp])
            case .tcp(let host, let port, _):
                return try BoundSocket.tcp(TCPEndpoint(host: Self.loopback(host) ?? host, port: port))
            }
        } catch {
            throw .socket(error)
        }
    }

    private static func loopback(_ host: String) -> String? {
        let literal = host == "localhost" ? "127.0.0.1" : host
        return literal == "::1" || literal.hasPrefix("127.") ? literal : nil
    }
}
