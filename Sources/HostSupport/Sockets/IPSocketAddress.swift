import Glibc

/// An IP address and port in the form `bind` takes.
struct IPSocketAddress {
    let family: Int32
    private var storage = sockaddr_storage()
    private let length: socklen_t

    /// Nil where the host is no literal IPv4 or IPv6 address, or the port is none.
    init?(_ endpoint: TCPEndpoint) {
        guard let port = UInt16(exactly: endpoint.port)?.bigEndian else { return nil }
        var four = sockaddr_in()
        var six = sockaddr_in6()
        if inet_pton(AF_INET, endpoint.host, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port
            family = AF_INET
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutableBytes(of: &storage) { bytes in withUnsafeBytes(of: four) { bytes.copyMemory(from: $0) } }
        } else if inet_pton(AF_INET6, endpoint.host, &six.sin6_addr) == 1 {
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port
            family = AF_INET6
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            withUnsafeMutableBytes(of: &storage) { bytes in withUnsafeBytes(of: six) { bytes.copyMemory(from: $0) } }
        } else {
            return nil
        }
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
