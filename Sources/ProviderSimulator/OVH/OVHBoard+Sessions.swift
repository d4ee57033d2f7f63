internal import NIOCore
internal import Synchronization

/// Version 2 of the OVH event server. It is in no guide; paths and texts are those of public clients.
extension OVHBoard {
    private static let mostSessions = 20_000
    private static let mostTokensInSession = 1_000

    /// An unknown session is 404 (seen); the text is that of the websocket.
    static var sessionNotFound: Response { .text(404, "Session not found\n") }

    /// `POST /v2/session`.
    func newSession() -> Response {
        let session = OVHSession(creation: .now)
        state.withLock { state in
            if state.sessions.count >= Self.mostSessions, let oldest = state.sessionOrder.first {
                state.sessionOrder.removeFirst()
                state.sessions[oldest] = nil
            }
            state.sessions[session.id] = session
            state.sessionOrder.append(session.id)
        }
        return .json(200, session.reply)
    }

    /// `POST /v2/session/{id}/subscribe/{token}`.
    func subscribe(session: String, token: String) -> Response {
        guard !token.isEmpty, allows(token) else { return .text(403, "token refused") }
        return state.withLock { state in
            guard let known = state.sessions[session] else { return Self.sessionNotFound }
            guard known.tokens.count < Self.mostTokensInSession else { return .text(400, "too many tokens") }
            state.sessions[session]?.tokens.insert(token)
            return .text(200, "Successfully subscribed on token \(token)")
        }
    }

    /// `GET /v2/session/{id}/events/poll`: an array of events, or the text of an idle end.
    func poll(session: String, _ exchange: Exchange) {
        enum Outcome {
            case ready(Response)
            case waiting
        }
        let outcome: Outcome = state.withLock { state in
            guard state.sessions[session] != nil else { return .ready(Self.sessionNotFound) }
            if let events = state.sessions[session]?.take() { return .ready(.json(200, events)) }
            state.sessions[session]?.waiters.append(exchange)
            return .waiting
        }
        switch outcome {
        case .ready(let response): exchange.finish(response)
        case .waiting:
            exchange.expire(after: hold) { self.expire(session: session, exchange) }
            exchange.whenAbandoned { self.forget(session: session, exchange) }
        }
    }

    func tokens(ofSession session: String) -> Set<String> {
        state.withLock { $0.sessions[session]?.tokens ?? [] }
    }

    static func publish(
        _ event: OVHEvent, token: String, to sessions: inout [String: OVHSession]
    ) -> [(Exchange, Response)] {
        var answers: [(Exchange, Response)] = []
        for id in sessions.keys {
            sessions[id]?.publish(event, token: token)
            // One poll takes the events; a second one of the same session waits on.
            guard let waiter = sessions[id]?.waiters.first, let events = sessions[id]?.take() else { continue }
            sessions[id]?.waiters.removeFirst()
            answers.append((waiter, .json(200, events)))
        }
        return answers
    }

    /// The idle end also ends the session: clients answer the text with a new one, and whoever polls the old id on
    /// must learn that (404).
    private func expire(session: String, _ exchange: Exchange) {
        state.withLock { state in
            state.sessions[session] = nil
            state.sessionOrder.removeAll { $0 == session }
        }
        exchange.finish(.text(200, "Timeout, please reconnect"))
    }

    private func forget(session: String, _ exchange: Exchange) {
        state.withLock { $0.sessions[session]?.waiters.removeAll { $0 === exchange } }
    }
}
