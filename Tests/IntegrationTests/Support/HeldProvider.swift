import Foundation
import Synchronization

/// VoIPGRID's click-to-dial, Keyyo's makecall and the texts of the Orange API, on plain sockets: it answers an order
/// only when it is told to, says of every call that it is ringing and of every text that it has arrived.
final class HeldProvider: Sendable {
    private struct State {
        var isHeld = true
        var placed = 0
        var asked = 0
        var ended = 0
    }

    private let server: PlainServer
    private let state = Mutex(State())

    init() throws {
        server = try PlainServer()
        server.serve { [weak self] connection in self?.answer(connection) }
    }

    var port: Int { server.port }

    /// Orders of calls and texts so far.
    var placed: Int { state.withLock { $0.placed } }
    /// Questions about them so far.
    var asked: Int { state.withLock { $0.asked } }
    /// Calls that were to be ended so far.
    var ended: Int { state.withLock { $0.ended } }

    /// From now on everything is answered at once.
    func release() { state.withLock { $0.isHeld = false } }

    /// One request a connection.
    private func answer(_ connection: PlainServer.Connection) {
        guard let line = Self.firstLine(connection) else { return }
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
        _ = connection.send(
            reply.status, reply.body, header: "Content-Type: text/plain\r\nConnection: close\r\n")
    }

    /// The first line, in small letters; nil where no whole request came.
    private static func firstLine(_ connection: PlainServer.Connection) -> String? {
        guard let lines = connection.readHead()?.lowercased().components(separatedBy: "\r\n") else { return nil }
        let length = lines.first { $0.hasPrefix("content-length:") }.flatMap { line in
            Int(line.dropFirst(15).trimmingCharacters(in: .whitespaces))
        }
        return connection.skip(length ?? 0) ? lines.first : nil
    }
}
