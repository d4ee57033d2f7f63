import Glibc
import NIOCore

/// A socket that listens, not yet part of any event loop.
///
/// Bound before anything is served, so that a place that is taken is known while the daemon can still say so and exit.
struct ListeningSocket: Sendable {
    static let backlog: Int32 = 128

    let descriptor: Int32
    /// The path, or the address and port.
    let name: String
    let way: Caller.Way
    /// The file we made, to be removed at the end.
    var file: SocketFile?

    static func open(_ listener: APIListener) throws(APIListenError) -> ListeningSocket {
        switch listener {
        case .unix(let path, let mode, let group): try unix(path: path, mode: mode, group: group)
        case .inherited(let descriptor): try adopt(descriptor)
        case .tcp(let host, let port): try tcp(host: host, port: port)
        }
    }

    /// For a socket that was never served; otherwise the event loop closes it.
    func closeUnserved() {
        close(descriptor)
        file?.remove()
    }

    static func check(_ result: Int32, _ operation: String, _ name: String) throws(APIListenError) {
        guard result == 0 else {
            throw errno == EADDRINUSE ? .inUse(name) : .system(operation: operation, name: name, code: errno)
        }
    }

    private static func adopt(_ descriptor: Int32) throws(APIListenError) -> ListeningSocket {
        func option(_ name: Int32) -> Int32? {
            var value: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
        }
        guard let domain = option(SO_DOMAIN), option(SO_TYPE) == Int32(SOCK_STREAM.rawValue) else {
            throw .inheritedUnusable(descriptor: descriptor, why: "it is not a stream socket")
        }
        guard option(SO_ACCEPTCONN) == 1 else {
            throw .inheritedUnusable(descriptor: descriptor, why: "it does not listen (Accept=no is needed)")
        }
        switch domain {
        case AF_UNIX:
            let name = SocketFile.path(of: descriptor) ?? "descriptor \(descriptor)"
            return ListeningSocket(descriptor: descriptor, name: name, way: .unixSocket)
        case AF_INET, AF_INET6:
            return ListeningSocket(descriptor: descriptor, name: "tcp", way: .tcp)
        default:
            throw .inheritedUnusable(descriptor: descriptor, why: "it is neither a Unix nor a TCP socket")
        }
    }

    private static func tcp(host: String, port: Int) throws(APIListenError) -> ListeningSocket {
        let literal = host == "localhost" ? "127.0.0.1" : host
        guard let address = try? SocketAddress(ipAddress: literal, port: port),
            literal == "::1" || literal.hasPrefix("127.")
        else { throw .notLoopback(host) }
        let name = "\(host):\(port)"
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(literal == "::1" ? AF_INET6 : AF_INET, kind, 0)
        guard descriptor >= 0 else { throw .system(operation: "socket", name: name, code: errno) }
        do throws(APIListenError) {
            var yes: Int32 = 1
            let size = socklen_t(MemoryLayout<Int32>.size)
            try check(setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size), "setsockopt", name)
            try check(address.withSockAddr { bind(descriptor, $0, socklen_t($1)) }, "bind", name)
            try check(listen(descriptor, backlog), "listen", name)
        } catch {
            close(descriptor)
            throw error
        }
        return ListeningSocket(descriptor: descriptor, name: name, way: .tcp)
    }
}
