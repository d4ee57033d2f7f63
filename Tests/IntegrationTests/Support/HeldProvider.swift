import Foundation
import Synchronization

/// VoIPGRID's click-to-dial, Keyyo's makecall and the texts of the Orange API, on plain sockets: it answers an order only
/// when it is told to, says of every call that it is ringing and of every text that it has arrived.
final class HeldProvider: Sendable {
    private struct State {
        var isHeld = true
        var placed = 0
        var asked = 0
        var ended = 0
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())

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
        guard code == 0, listen(listener, 100) == 0 else { throw PlainHTTP.Failure(step: "bind") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { [weak self] in
                    self?.answer(connection)
                    close(connection)
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// Orders of calls and texts so far.
    var placed: Int { state.withLock { $0.placed } }
    /// Questions about them so far.
    var asked: Int { state.withLock { $0.asked } }
    /// Calls that were to be ended so far.
    var ended: Int { state.withLock { $0.ended } }

    /// From now on everything is answered at once.
    func release() { state.withLock { $0.isHeld = false } }

    /// One request a connection.
    private func answer(_ connection: Int32) {
        guard let line = Self.read(connection) else { return }
        let reply: (status: Int, body: String)
        var isOrder = false
        let orange = "<response><status><status_code>200</status_code></status>"
        if line.contains("/keyyo/makecall") {
            isOrder = true
            reply = (200, "OK")
        } else if line.contains("/orange/sms/sendsms") {
            isOrder = true
            reply = (200, orange + "<call_info><call_id>s1</call_id></call_info></response>")
        } else if line.contains("/orange/sms/gethistory") {
            reply = (200, orange + "<sms><state>delivered</state></sms></response>")
        } else if line.contains("/voipgrid") {
            isOrder = line.hasPrefix("post")
            reply = isOrder ? (201, #"{"callid":"held-1"}"#) : (200, #"{"status":"dialing_a"}"#)
        } else {
            return
        }
        state.withLock { state in
            if isOrder {
                state.placed += 1
            } else if line.hasPrefix("delete") {
                state.ended += 1
            } else {
                state.asked += 1
            }
        }
        while isOrder, state.withLock({ $0.isHeld }) { usleep(5_000) }
        let text =
            "HTTP/1.1 \(reply.status) X\r\nContent-Type: text/plain\r\nConnection: close\r\n"
            + "Content-Length: \(reply.body.utf8.count)\r\n\r\n\(reply.body)"
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// The first line, in small letters; nil where no whole request came.
    private static func read(_ connection: Int32) -> String? {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard recv(connection, &byte, 1, 0) == 1 else { return nil }
            head.append(byte)
        }
        let lines = String(decoding: head, as: UTF8.self).lowercased().components(separatedBy: "\r\n")
        let length = lines.first { $0.hasPrefix("content-length:") }.flatMap { line in
            Int(line.dropFirst(15).trimmingCharacters(in: .whitespaces))
        }
        for _ in 0..<(length ?? 0) { guard recv(connection, &byte, 1, 0) == 1 else { return nil } }
        return lines.first
    }
}
