internal import NIOCore
internal import Synchronization

/// The OVH event server: feeds by token, sessions of version 2, and everybody who waits.
///
/// Bounds: 20 000 tokens, 20 000 sessions (the oldest is forgotten), 1 000 tokens a session.
final class OVHBoard: Sendable {
    struct State {
        var feeds: [String: OVHTokenFeed] = [:]
        var sessions: [String: OVHSession] = [:]
        /// Oldest first.
        var sessionOrder: [String] = []
    }

    private static let mostTokens = 20_000
    /// Events in one reply, so that a reader who was away gets several of them.
    private static let mostInReply = 1_000

    let configuration: SimulatorConfiguration
    let state = Mutex(State())

    init(_ configuration: SimulatorConfiguration) {
        self.configuration = configuration
    }

    func allows(_ token: String) -> Bool {
        configuration.tokens?.contains(token) ?? true
    }

    var hold: TimeAmount { .nanoseconds(configuration.hold.nanosecondCount) }

    /// `GET /?token=…&session=…`: answered at once if something is there, else held.
    func poll(token: String, session: String?, _ exchange: Exchange) {
        // What OVH replies to a bad token is not known; 403 is as good as any refusal.
        guard allows(token) else { return exchange.finish(.text(403, "token refused")) }
        enum Outcome {
            case ready(Response)
            case full
            case waiting(position: Int)
        }
        let outcome: Outcome = state.withLock { state in
            guard state.feeds[token] != nil || state.feeds.count < Self.mostTokens else { return .full }
            var feed = state.feeds.removeValue(forKey: token) ?? OVHTokenFeed()
            defer { state.feeds[token] = feed }
            let position = session.flatMap(feed.position(of:)) ?? feed.end
            if position < feed.end { return .ready(reply(feed, from: position, token: token)) }
            feed.waiters.append(OVHTokenFeed.Waiter(exchange: exchange, position: position))
            return .waiting(position: position)
        }
        switch outcome {
        case .ready(let response): exchange.finish(response)
        case .full: exchange.finish(.text(503, "more than \(Self.mostTokens) tokens"))
        case .waiting(let position):
            exchange.expire(after: hold) { self.expire(token: token, position: position, exchange) }
            exchange.whenAbandoned { self.forget(token: token, exchange) }
        }
    }

    /// Gives an event to a token, or to every token seen so far; returns how many polls it answered.
    @discardableResult
    func publish(_ event: OVHEvent, token: String?) -> Int {
        let answers: [(Exchange, Response)] = state.withLock { state in
            var answers: [(Exchange, Response)] = []
            let known = Set(state.feeds.keys).union(state.sessions.values.flatMap(\.tokens))
            for token in token.map({ [$0] }) ?? known {
                guard allows(token), state.feeds[token] != nil || state.feeds.count < Self.mostTokens else { continue }
                var feed = state.feeds.removeValue(forKey: token) ?? OVHTokenFeed()
                feed.publish(event)
                for waiter in feed.takeWaiters() {
                    answers.append((waiter.exchange, reply(feed, from: waiter.position, token: token)))
                }
                state.feeds[token] = feed
                answers += Self.publish(event, token: token, to: &state.sessions)
            }
            return answers
        }
        for (exchange, response) in answers { exchange.finish(response) }
        return answers.count
    }

    /// Forgets the sessions of a token, or all: both versions. Polls that wait stay; their next one starts anew.
    func loseSessions(token: String?) {
        let waiting: [Exchange] = state.withLock { state in
            for key in state.feeds.keys where token == nil || token == key { state.feeds[key]?.loseSessions() }
            var waiting: [Exchange] = []
            for (id, session) in state.sessions where token.map(session.tokens.contains) ?? true {
                waiting += session.waiters
                state.sessions[id] = nil
            }
            state.sessionOrder.removeAll { state.sessions[$0] == nil }
            return waiting
        }
        for exchange in waiting { exchange.finish(Self.sessionNotFound) }
    }

    func reset() {
        let waiting: [Exchange] = state.withLock { state in
            let waiting =
                state.feeds.values.flatMap { $0.waiters.map(\.exchange) } + state.sessions.values.flatMap(\.waiters)
            state = State()
            return waiting
        }
        for exchange in waiting { exchange.end(.close) }
    }

    /// The envelope of version 1 (seen by public clients; the guide shows a bare event).
    private func reply(_ feed: OVHTokenFeed, from position: Int, token: String) -> Response {
        let events = feed.events(from: position).prefix(Self.mostInReply)
        let session = feed.session(
            at: max(position, feed.end - feed.events(from: position).count) + events.count,
            awkward: configuration.awkwardSessions)
        return .json(
            200,
            .object([
                JSONMember("Session", session), JSONMember("Message", ""),
                JSONMember("Events", .array(events.map { $0.versionOne(token: token) })),
            ]))
    }

    private func expire(token: String, position: Int, _ exchange: Exchange) {
        let response: Response? = state.withLock { state in
            guard var feed = state.feeds.removeValue(forKey: token) else { return nil }
            defer { state.feeds[token] = feed }
            feed.waiters.removeAll { $0.exchange === exchange }
            switch configuration.idleReply {
            case .envelope: return reply(feed, from: position, token: token)
            case .empty: return Response(200)
            case .text: return .text(200, "Timeout, please reconnect")
            }
        }
        if let response { exchange.finish(response) }
    }

    private func forget(token: String, _ exchange: Exchange) {
        state.withLock { $0.feeds[token]?.waiters.removeAll { $0.exchange === exchange } }
    }
}
