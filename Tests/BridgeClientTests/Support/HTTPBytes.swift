/// The bytes of HTTP replies.
enum HTTPBytes {
    static let streamHead = Array(
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
    static let lastChunk = Array("0\r\n\r\n".utf8)

    static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
    }

    static func json(_ status: String, _ body: String) -> [UInt8] {
        Array(
            "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                .utf8)
    }
}

extension FakeDaemon.Answer {
    /// A stream that breaks off after these lines, without the end of its body.
    static func broken(_ lines: [[UInt8]], then rest: [UInt8] = []) -> Self {
        Self(pieces: [HTTPBytes.streamHead] + lines.map(HTTPBytes.chunk) + [rest])
    }

    /// A stream that ends as it should.
    static func whole(_ lines: [[UInt8]]) -> Self {
        Self(pieces: [HTTPBytes.streamHead] + lines.map(HTTPBytes.chunk) + [HTTPBytes.lastChunk])
    }

    /// A stream that goes on, silently.
    static func open(_ lines: [[UInt8]]) -> Self {
        Self(pieces: [HTTPBytes.streamHead] + lines.map(HTTPBytes.chunk), end: .stayOpen)
    }

    static func json(_ status: String, _ body: String) -> Self {
        Self(pieces: [HTTPBytes.json(status, body)])
    }
}
