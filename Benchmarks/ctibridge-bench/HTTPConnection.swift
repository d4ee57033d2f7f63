internal import Glibc

/// One keep-alive connection on which GETs are sent one after the other, as a provider does.
///
/// Understands replies with a `Content-Length` (or none, for an empty body) only: that is what the programs send to it.
final class HTTPConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    init(_ place: Place) throws(BenchFailure) {
        descriptor = try place.connect()
        // A measurement that hangs is worse than one that fails.
        var limit = timeval(tv_sec: 15, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
    }

    /// Returns when the whole reply is there.
    func get(_ target: String) throws(BenchFailure) -> (status: Int, body: [UInt8]) {
        try send(Array("GET \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8))
        var scanned = 0
        while true {
            if let end = endOfHead(from: scanned) {
                let head = String(decoding: received[..<end], as: UTF8.self)
                let lines = head.split(separator: "\r\n")
                let words = lines.first?.split(separator: " ") ?? []
                guard words.count >= 2, let status = Int(words[1]) else { throw BenchFailure("not a reply: \(head)") }
                let announced = lines.map { $0.lowercased() }.first { $0.hasPrefix("content-length:") }
                let length = announced.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
                while received.count < end + length { try receive() }
                let body = Array(received[end..<(end + length)])
                received.removeFirst(end + length)
                return (status, body)
            }
            scanned = max(0, received.count - 3)
            try receive()
        }
    }

    private func endOfHead(from start: Int) -> Int? {
        guard received.count >= 4 else { return nil }
        for index in start...(received.count - 4) where received[index] == 13 {
            if received[index + 1] == 10, received[index + 2] == 13, received[index + 3] == 10 { return index + 4 }
        }
        return nil
    }

    private func send(_ bytes: [UInt8]) throws(BenchFailure) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw BenchFailure("cannot send a request", errno: errno) }
            sent += count
        }
    }

    private func receive() throws(BenchFailure) {
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw BenchFailure("no reply", errno: errno) }
            guard count > 0 else { throw BenchFailure("the connection was closed before the reply") }
            received += buffer[..<count]
            return
        }
    }
}
