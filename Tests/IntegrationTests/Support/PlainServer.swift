import Foundation

/// The smallest HTTP server, on a real socket of loopback: a thread a connection, and nothing between a test and its
/// bytes.
final class PlainServer: Sendable {
    let port: Int
    private let listener: Int32

    /// A port that refuses connections until `serve`.
    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 ? getsockname(listener, $0, &size) : -1
            }
        }
        guard code == 0 else { throw PlainHTTP.Failure(step: "bind") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// Hands each connection to `answer`, which returns when it is to be closed.
    func serve(_ answer: @escaping @Sendable (Connection) -> Void) {
        let listener = listener
        listen(listener, 100)
        Thread.detachNewThread {
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                Thread.detachNewThread {
                    answer(Connection(descriptor: descriptor))
                    close(descriptor)
                }
            }
        }
    }

    struct Connection {
        fileprivate let descriptor: Int32

        /// The head of the next request; nil at the end of the connection.
        func readHead() -> String? {
            var head: [UInt8] = []
            var byte: UInt8 = 0
            while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
                guard recv(descriptor, &byte, 1, 0) == 1 else { return nil }
                head.append(byte)
            }
            return String(decoding: head, as: UTF8.self)
        }

        /// Reads over a body; false where it ends before.
        func skip(_ count: Int) -> Bool {
            var byte: UInt8 = 0
            return (0..<count).allSatisfy { _ in recv(descriptor, &byte, 1, 0) == 1 }
        }

        /// Whether all of it was taken.
        func send(_ status: Int, _ body: String, header: String = "") -> Bool {
            write("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\(header)\r\n" + body)
        }

        func write(_ text: String) -> Bool {
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }
}
