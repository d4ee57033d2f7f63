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

    private let server: PlainServer
    private let state = Mutex(State())
    /// How long a poll without events is held.
    private let hold: Double

    init(hold: Double) throws {
        self.hold = hold
        server = try PlainServer()
    }

    var port: Int { server.port }

    /// Begins to answer. Apart from `init`, so that the port is known while connections to it are refused.
    func serve() {
        server.serve { [weak self] connection in
            while let head = connection.readHead(), let self, self.answer(head, connection) {}
        }
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
    private func answer(_ head: String, _ connection: PlainServer.Connection) -> Bool {
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
        if isRefused { return connection.send(401, echo) }
        if let fault { return play(fault, echo, connection) }
        guard parts.count > 1, parts[1] == "v2" else {
            let number = state.withLock { state in
                state.made += 1
                return state.made
            }
            let events = wait(for: source)
            return connection.send(200, #"{"Session":"s\#(number)","Message":"","Events":[\#(events)]}"#)
        }
        if parts.count == 3 {
            let session = state.withLock { state in
                state.made += 1
                state.sessions.insert("\(source)-\(state.made)")
                return "\(source)-\(state.made)"
            }
            return connection.send(200, #"{"id":"\#(session)"}"#)
        }
        guard state.withLock({ $0.sessions.contains(parts[3]) }) else {
            return connection.send(404, "Session not found\n")
        }
        if parts[4] == "subscribe" { return connection.send(200, "Successfully subscribed") }
        return connection.send(200, "[\(wait(for: source))]")
    }

    private func play(_ fault: Fault, _ echo: String, _ connection: PlainServer.Connection) -> Bool {
        switch fault {
        case .notJSON: return connection.send(200, "<html>\(echo)</html>")
        case .unauthorized: return connection.send(401, echo)
        case .forbidden: return connection.send(403, echo)
        case .tooMany: return connection.send(429, echo, header: "Retry-After: 1\r\n")
        case .serverError: return connection.send(500, echo)
        case .forgetful: return connection.send(404, echo)
        case .huge: return connection.send(200, String(repeating: " ", count: 10_000_000))
        case .halfOpen:
            // Ends when the other side gives up.
            return connection.readHead() != nil
        case .cut:
            let text = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"Session\":\"s\",\"Events\":[{\"Eve"
            _ = connection.write(text)
            return false
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
}
