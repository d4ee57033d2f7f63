import Foundation

/// The smallest HTTP client: one request, one reply, over TCP on loopback or a Unix socket, on real sockets.
enum PlainHTTP {
    struct Reply: Sendable {
        var status: Int
        var head: String
        var body: String
    }

    enum Place: Sendable {
        case port(Int)
        case socket(String)
    }

    struct Failure: Error {
        let step: String
    }

    static func get(_ place: Place, _ path: String) throws -> Reply { try request("GET", place, path) }

    static func request(
        _ method: String, _ place: Place, _ path: String, headers: [String] = [], body: String = ""
    ) throws -> Reply {
        let descriptor = try connect(place)
        defer { close(descriptor) }
        var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        for header in headers { text += header + "\r\n" }
        if !body.isEmpty { text += "Content-Length: \(body.utf8.count)\r\n" }
        text += "\r\n" + body
        let bytes = Array(text.utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure(step: "send")
        }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        let whole = String(decoding: received, as: UTF8.self)
        guard let end = whole.range(of: "\r\n\r\n"), let status = Int(whole.dropFirst(9).prefix(3)) else {
            throw Failure(step: "reply")
        }
        let head = String(whole[..<end.lowerBound])
        var content = String(whole[end.upperBound...])
        if head.lowercased().contains("transfer-encoding: chunked") { content = unchunked(content) }
        return Reply(status: status, head: head, body: content)
    }

    static func connect(_ place: Place) throws -> Int32 {
        let descriptor: Int32
        let code: Int32
        switch place {
        case .port(let port):
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(port).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            code = withUnsafePointer(to: address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        case .socket(let path):
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8.prefix(107))) }
            code = withUnsafePointer(to: address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
        guard code == 0 else {
            close(descriptor)
            throw Failure(step: "connect")
        }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return descriptor
    }

    private static func unchunked(_ text: String) -> String {
        var rest = Array(text.utf8)[...]
        var body: [UInt8] = []
        while let end = rest.firstIndex(of: 10) {
            let digits = String(decoding: rest[..<end], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard let size = Int(digits, radix: 16), size > 0, rest.count > size else { break }
            rest = rest[(end + 1)...]
            body += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
        }
        return String(decoding: body, as: UTF8.self)
    }
}
