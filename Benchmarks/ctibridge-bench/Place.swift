internal import Glibc

/// Where to connect to: on this machine, always.
enum Place: Sendable {
    /// Of 127.0.0.1.
    case port(Int)
    /// The path of a Unix socket.
    case socket(String)

    /// A connected blocking descriptor; the caller closes it.
    func connect() throws(BenchFailure) -> Int32 {
        let family: Int32
        let code: Int32
        let descriptor: Int32
        switch self {
        case .port(let port):
            family = AF_INET
            descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(family)
            address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var one: Int32 = 1
            setsockopt(
                descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
            code = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        case .socket(let path):
            family = AF_UNIX
            var address = sockaddr_un()
            address.sun_family = sa_family_t(family)
            guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
                throw BenchFailure("the path of the socket is too long: \(path); set TMPDIR to a shorter one")
            }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            code = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
        guard descriptor >= 0, code == 0 else {
            let problem = errno
            if descriptor >= 0 { close(descriptor) }
            throw BenchFailure("cannot connect to \(self)", errno: problem)
        }
        return descriptor
    }
}
