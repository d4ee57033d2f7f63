package import Glibc

/// A path in the form `bind` and `connect` take.
package struct UnixSocketAddress {
    /// Of `sun_path`, which needs a zero byte at the end.
    static let maximumPathBytes = 107

    package let path: String
    private var address = sockaddr_un()

    /// Refuses a path that is not absolute, has a zero byte in it or is longer than `maximumPathBytes`.
    package init(path: String) throws(SocketError) {
        guard path.hasPrefix("/"), !path.utf8.contains(0) else { throw .pathNotAbsolute(path) }
        guard path.utf8.count <= Self.maximumPathBytes else { throw .pathTooLong(path) }
        self.path = path
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    }

    /// The pointer is valid during `body` only.
    package func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// The path a socket is bound to; nil where it has none.
    package static func name(of descriptor: Int32) -> String? {
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0, address.sun_family == sa_family_t(AF_UNIX) else { return nil }
        let bytes = withUnsafeBytes(of: &address.sun_path) { Array($0.prefix { $0 != 0 }) }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
