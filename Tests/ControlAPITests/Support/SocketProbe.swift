import ControlAPI
import HostSupport

enum SocketProbe {
    /// Binds as a daemon would at its start, and lets go again.
    static func bind(_ listener: APIListener) throws {
        let bridge = try TestBridge()
        defer { bridge.remove() }
        let service = bridge.another([listener])
        try service.bind()
        service.stop()
    }

    /// A listening socket as a service manager makes it.
    static func listen(_ path: String) throws -> Int32 {
        try BoundSocket.unix(path: path, mode: 0o600, group: nil).descriptor
    }
}
