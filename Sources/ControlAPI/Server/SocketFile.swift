import Glibc

/// The file that names a Unix socket we made.
struct SocketFile: Sendable, Hashable {
    let path: String
    private let device: UInt
    private let inode: UInt

    init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.path = path
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
    }

    /// Removes the file, unless somebody else has put another in its place.
    func remove() {
        guard SocketFile(path) == self else { return }
        unlink(path)
    }

    /// Removes a socket file that nobody listens on: what a crash leaves behind.
    static func removeStale(_ path: String) throws(APIListenError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw .system(operation: "stat", name: path, code: errno)
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
        // Non-blocking: a listener whose backlog is full would hold us up, and is a listener all the same.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let probe = socket(AF_UNIX, kind, 0)
        guard probe >= 0 else { throw .system(operation: "socket", name: path, code: errno) }
        defer { close(probe) }
        guard try withAddress(path, { connect(probe, $0, $1) }) != 0 else { throw .inUse(path) }
        switch errno {
        case ECONNREFUSED: try ListeningSocket.check(unlink(path), "unlink", path)
        case ENOENT: break
        case EAGAIN, EINPROGRESS, EPROTOTYPE: throw .inUse(path)
        case let code: throw .system(operation: "connect", name: path, code: code)
        }
    }

    static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(APIListenError) -> Int32 {
        var address = sockaddr_un()
        guard path.hasPrefix("/"), !path.utf8.contains(0),
            path.utf8.count < MemoryLayout.size(ofValue: address.sun_path)
        else { throw .pathUnusable(path) }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// The path a socket is bound to; nil where it has none.
    static func path(of descriptor: Int32) -> String? {
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { return nil }
        let bytes = withUnsafeBytes(of: &address.sun_path) { Array($0.prefix { $0 != 0 }) }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
