import Glibc

/// A Unix datagram socket, as the service manager has one.
final class DatagramSocket {
    let path: String
    private let descriptor: Int32

    init() throws {
        path = "/tmp/ctibridge-notify-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(code: errno) }
        guard SocketAddress.withUnix(path, { bind(descriptor, $0, $1) }) == 0 else { throw SystemError(code: errno) }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// The next datagram; nil where none is waiting. Sending to a Unix socket delivers at once.
    func receive() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }
}

struct SystemError: Error {
    let code: Int32
}

enum SocketAddress {
    static func withUnix(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
