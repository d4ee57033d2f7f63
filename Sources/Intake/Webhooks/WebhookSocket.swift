import Glibc
import NIOCore
import NIOPosix

/// Opens the listening socket and says in words why it cannot.
enum WebhookSocket {
    static func listen(
        _ settings: WebhookSettings, _ bootstrap: ServerBootstrap
    ) async throws(WebhookListenerError) -> any Channel {
        if let descriptor = settings.inheritedDescriptor {
            try check(descriptor)
            do {
                return try await bootstrap.withBoundSocket(descriptor).get()
            } catch {
                throw .descriptorUnusable(descriptor, reason: "\(error)")
            }
        }
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        let text = "\(host):\(settings.port)"
        guard (0...65_535).contains(settings.port),
            let address = try? SocketAddress(
                ipAddress: settings.host == "localhost" ? "127.0.0.1" : settings.host, port: settings.port)
        else { throw .addressInvalid(host: settings.host, port: settings.port) }
        do {
            return try await bootstrap.bind(to: address).get()
        } catch let error as IOError {
            switch error.errnoCode {
            case EADDRINUSE: throw .addressInUse(text)
            case EACCES, EPERM: throw .notPermitted(text)
            case EADDRNOTAVAIL: throw .addressNotOnThisMachine(text)
            default: throw .other(address: text, reason: String(cString: strerror(error.errnoCode)))
            }
        } catch {
            throw .other(address: text, reason: "\(error)")
        }
    }

    /// NIO would take anything and fail later, in every `accept`.
    private static func check(_ descriptor: Int32) throws(WebhookListenerError) {
        var isListening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0 else {
            throw .descriptorUnusable(descriptor, reason: String(cString: strerror(errno)))
        }
        guard isListening != 0 else { throw .descriptorUnusable(descriptor, reason: "it does not listen") }
    }
}
