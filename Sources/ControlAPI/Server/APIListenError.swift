package import HostSupport

/// Why the API cannot listen where it should, and what to do.
package enum APIListenError: Error, Sendable, Hashable, CustomStringConvertible {
    case notLoopback(String)
    case socket(SocketError)

    package var description: String {
        switch self {
        case .notLoopback(let host):
            "the API speaks plain HTTP and listens on loopback addresses only, not on \(host); use 127.0.0.1 or ::1,"
                + " or put a proxy that speaks TLS in front and say so with 'behind_proxy: true'"
        case .socket(let error): error.description
        }
    }
}
