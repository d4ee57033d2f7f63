import Glibc

/// An address and a port in the one notation of logs, lists and errors: `127.0.0.1:8480`, `[::1]:8480`.
package struct TCPEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// An address without brackets, or a name.
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Where a TCP socket is bound; nil where it is not one.
    package init?(descriptor: Int32) {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let port: Int? = withUnsafeMutablePointer(to: &address) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard getsockname(descriptor, pointer, &length) == 0 else { return nil }
                switch Int32(pointer.pointee.sa_family) {
                case AF_INET:
                    return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                        inet_ntop(AF_INET, &address.pointee.sin_addr, &text, socklen_t(text.count))
                        return Int(UInt16(bigEndian: address.pointee.sin_port))
                    }
                case AF_INET6:
                    return pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                        inet_ntop(AF_INET6, &address.pointee.sin6_addr, &text, socklen_t(text.count))
                        return Int(UInt16(bigEndian: address.pointee.sin6_port))
                    }
                default: return nil
                }
            }
        }
        guard let port else { return nil }
        host = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        self.port = port
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
