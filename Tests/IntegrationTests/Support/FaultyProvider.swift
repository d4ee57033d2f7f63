import Foundation
import Synchronization

/// OVH's event service, both versions, misbehaving as it is told, on plain sockets.
///
/// The first part of each path names the source it is for: one daemon with many sources meets all faults at once.
final class FaultyProvider: Sendable {
    enum Fault: String, CaseIterable, Sendable {
        case notJSON = "not-json"
        case unauthorized, forbidden, tooMany, serverError, huge
        /// Accepted and never answered.
        case halfOpen
        /// Closed in the middle of the body.
        case cut
        /// 404 for everything, after all sessions were forgotten.
        case forgetful
    }

    private struct State {
        var faults: [String: (fault: Fault, left: Int)] = [:]
        /// Requests by source.
        var requests: [String: Int] = [:]
        var refusedToken: String?
        var sessions: Set<String> = []
        var made = 0
        var events: [String: [String]] = [:]
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())
    /// How long a poll without events is held.
    private let hold: Double

    init(hold: Double) throws {
        self.hold = hold
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

    /// Begins to answer. Apart from `init`, so that the port is known while connections to it are refused.
    func serve() {
        let listener = listener
        listen(listener, 100)
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { [weak self] in
                    while let head = Self.readHead(connection), let self, self.answer(head, connection) {}
                    close(connection)
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    // MARK: - What tests say and ask

    /// The next `count` requests of the source go wrong.
    func breakDown(_ source: String, _ fault: Fault, count: Int = .max) {
        state.withLock { state in
            state.faults[source] = (fault, count)
            state.requests[source] = 0
            if fault == .forgetful { state.sessions = state.sessions.filter { !$0.hasPrefix(source + "-") } }
        }
    }

    func recover() {
        state.withLock { $0.faults = [:] }
    }

    /// Everything asked with this token is answered by 401.
    func refuse(token: String?) {
        state.withLock { $0.refusedToken = token }
    }

    /// Events as JSON objects, for the next poll of the source.
    func deliver(_ events: [String], to source: String) {
        state.withLock { $0.events[source, default: []] += events }
    }

    /// Requests of the source since it last broke down.
    func requests(of source: String) -> Int {
        state.withLock { $0.requests[source] ?? 0 }
    }

    // MARK: - Answers

    /// Whether the connection goes on.
    private func answer(_ head: String, _ connection: Int32) -> Bool {
        let target = head.split(separator: " ").dropFirst().first ?? ""
        let parts = target.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        guard let source = parts.first else { return false }
        let (fault, isRefused) = state.withLock { state -> (Fault?, Bool) in
            state.requests[source, default: 0] += 1
            let isRefused = state.refusedToken.map { target.contains($0) } ?? false
            guard let entry = state.faults[source], entry.left > 0 else { return (nil, isRefused) }
            state.faults[source]?.left -= 1
            return (entry.fault, isRefused)
        }
        // An honest fault repeats what it was asked, secrets included.
        let echo = #"{"message":"no: \#(target)"}"#
        if isRefused { return Self.send(401, echo, connection) }
        if let fault { return play(fault, echo, connection) }
        guard parts.count > 1, parts[1] == "v2" else {
            let number = state.withLock { state in
                state.made += 1
                return state.made
            }
            let events = wait(for: source)
            return Self.send(200, #"{"Session":"s\#(number)","Message":"","Events":[\#(events)]}"#, connection)
        }
        if parts.count == 3 {
            let session = state.withLock { state in
                state.made += 1
                state.sessions.insert("\(source)-\(state.made)")
                return "\(source)-\(state.made)"
            }
            return Self.send(200, #"{"id":"\#(session)"}"#, connection)
        }
        guard state.withLock({ $0.sessions.contains(parts[3]) }) else {
            return Self.send(404, "Session not found\n", connection)
        }
        if parts[4] == "subscribe" { return Self.send(200, "Successfully subscribed", connection) }
        return Self.send(200, "[\(wait(for: source))]", connection)
    }

    private func play(_ fault: Fault, _ echo: String, _ connection: Int32) -> Bool {
        switch fault {
        case .notJSON: return Self.send(200, "<html>\(echo)</html>", connection)
        case .unauthorized: return Self.send(401, echo, connection)
        case .forbidden: return Self.send(403, echo, connection)
        case .tooMany: return Self.send(429, echo, connection, header: "Retry-After: 1\r\n")
        case .serverError: return Self.send(500, echo, connection)
        case .forgetful: return Self.send(404, echo, connection)
        case .huge: return Self.send(200, String(repeating: " ", count: 10_000_000), connection)
        case .halfOpen:
            // Ends when the other side gives up.
            return Self.readHead(connection) != nil
        case .cut:
            let text = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"Session\":\"s\",\"Events\":[{\"Eve"
            return Self.write(Array(text.utf8), connection) && false
        }
    }

    /// A poll is held until there are events, or its time is over.
    private func wait(for source: String) -> String {
        let deadline = ContinuousClock.now + .milliseconds(Int(hold * 1_000))
        while true {
            let events = state.withLock { $0.events.removeValue(forKey: source) }
            if let events { return events.joined(separator: ",") }
            guard ContinuousClock.now < deadline else { return "" }
            usleep(5_000)
        }
    }

    // MARK: - Sockets

    /// The head of the next request; nil at the end of the connection. No request has a body.
    private static func readHead(_ connection: Int32) -> String? {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard recv(connection, &byte, 1, 0) == 1 else { return nil }
            head.append(byte)
        }
        return String(decoding: head, as: UTF8.self)
    }

    private static func send(_ status: Int, _ body: String, _ connection: Int32, header: String = "") -> Bool {
        let head = "HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\(header)\r\n"
        return write(Array((head + body).utf8), connection)
    }

    private static func write(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
