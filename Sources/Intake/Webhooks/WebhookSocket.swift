import Glibc
import HostSupport

/// Opens the listening socket and says in words why it cannot.
enum WebhookSocket {
    static func open(_ settings: WebhookSettings) throws(WebhookListenerError) -> BoundSocket {
        do throws(SocketError) {
            if let descriptor = settings.inheritedDescriptor {
                return try BoundSocket.adopt(descriptor, families: [.tcp, .unix])
            }
            let host = settings.host == "localhost" ? "127.0.0.1" : settings.host
            return try BoundSocket.tcp(TCPEndpoint(host: host, port: settings.port))
        } catch {
            throw WebhookListenerError(error, settings)
        }
    }
}

extension WebhookListenerError {
    fileprivate init(_ error: SocketError, _ settings: WebhookSettings) {
        self =
            switch error {
            case .notAnAddress: .addressInvalid(host: settings.host, port: settings.port)
            case .inUse(let address): .addressInUse(address)
            case .inheritedUnusable(let descriptor, let why): .descriptorUnusable(descriptor, reason: why)
            case .system(_, let address, EACCES), .system(_, let address, EPERM): .notPermitted(address)
            case .system(_, let address, EADDRNOTAVAIL): .addressNotOnThisMachine(address)
            default: .other(address: "\(settings.host) port \(settings.port)", reason: error.description)
            }
    }
}
