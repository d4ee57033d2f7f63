import ControlAPI
import Glibc
import Logging
import NIOPosix

enum SocketProbe {
    struct Failed: Error { let code: Int32 }

    /// Binds as a daemon would at its start, and lets go again.
    static func bind(_ listener: APIListener) throws {
        let bridge = try TestBridge()
        defer { bridge.remove() }
        let service = bridge.another([listener])
        try service.bind()
        service.unbind()
    }

    /// A listening socket as a service manager makes it.
    static func listen(_ path: String) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0, Glibc.listen(descriptor, 8) == 0 else { throw Failed(code: errno) }
        return descriptor
    }
}
