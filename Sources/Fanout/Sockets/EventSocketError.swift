package import HostSupport

/// Why the sockets of the stream cannot be opened, and what to do.
package enum EventSocketError: Error, Sendable, Hashable, CustomStringConvertible {
    case configuredTwice(String)
    case socket(SocketError)

    package var description: String {
        switch self {
        case .configuredTwice(let path): "socket \(path) is configured twice; remove one of the two"
        case .socket(let error): error.description
        }
    }
}
