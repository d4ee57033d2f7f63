package import CallModel

/// One conversation with OVH's event service: which request comes next, and what a reply means.
///
/// Version 1 (OVH guide): `GET /?token=…`, then with `&session=…`, always the newest. Version 2 (public clients):
/// make a session, subscribe each token, poll; an unknown session (404) or `Timeout, please reconnect` starts over with
/// a new session, whose id is the one to poll. The timeout of a poll that was held is the normal end of a minute
/// without events: nothing is lost and nothing is told.
package struct OVHSession: LongPollConversation {
    package enum Version: Sendable, Hashable {
        case v1
        case v2
    }

    private enum Phase: Sendable, Equatable {
        case polling
        case creatingSession
        /// The first is being subscribed.
        case subscribing([Int])
    }

    /// A provider holds an idle poll for about a minute; what comes sooner than this was not held.
    private static let shortestHold = Span.seconds(1)

    /// A refused token is asked for again after polling this long without it.
    private static let subscribeAgainAfter = Span.minutes(1)

    /// After so many subscriptions in a row that fail without a no the rest waits, each may cost a time-out.
    private static let maximumFailedSubscriptions = 5

    /// A longer reply is refused while it arrives.
    package static let maximumReplyBytes = 4 << 20

    private let version: Version
    private let baseURL: String
    /// One in version 1: one token is one poll loop.
    private let tokens: [Redacted<String>]
    private let timeout: Span
    private var session: String?
    private var phase: Phase
    private var refusedTokens: [Int] = []
    /// Subscriptions in a row that failed without a no: a server in trouble, not a token.
    private var failedSubscriptions = 0
    /// How long was polled since refused tokens were last asked for.
    private var polledSince = Span.milliseconds(0)
    package let slot: String

    /// - Parameters:
    ///   - slot: names the cursor of this conversation.
    ///   - session: where an earlier run went on.
    package init(
        version: Version, baseURL: String, tokens: [Redacted<String>], timeout: Span = .seconds(75), slot: String,
        session: String? = nil
    ) {
        self.version = version
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.tokens = tokens
        self.timeout = timeout
        self.slot = slot
        self.session = session
        phase = version == .v2 && session == nil ? .creatingSession : .polling
    }

    package func nextRequest() -> HTTPRequest {
        switch (version, phase) {
        case (.v1, _):
            var url = "\(baseURL)/?token=\(percentEncoded(tokens[0].exposed))"
            if let session { url += "&session=\(percentEncoded(session))" }
            return request(.get, url, timeout)
        case (.v2, .creatingSession): return request(.post, "\(baseURL)/v2/session", .seconds(15))
        case (.v2, .subscribing(let pending)):
            let token = percentEncoded(tokens[pending[0]].exposed)
            return request(.post, "\(sessionURL)/subscribe/\(token)", .seconds(15))
        case (.v2, .polling): return request(.get, "\(sessionURL)/events/poll", timeout)
        }
    }

    private var sessionURL: String { "\(baseURL)/v2/session/\(percentEncoded(session ?? ""))" }

    private func request(_ method: HTTPRequest.Method, _ url: String, _ timeout: Span) -> HTTPRequest {
        HTTPRequest(
            method, url, headers: [.init("Accept", "application/json, text/plain")], timeout: timeout,
            maximumReplyBytes: Self.maximumReplyBytes)
    }

    package mutating func received(_ result: Result<HTTPReply, HTTPFailure>, elapsed: Span) -> LongPollVerdict {
        let reply: HTTPReply
        switch result {
        case .failure(let failure):
            if case .subscribing(let pending) = phase {
                return subscribed(pending, isAccepted: false, failure: .failed(failure.description))
            }
            return .failed(failure.description)
        case .success(let success): reply = success
        }
        if case .subscribing(let pending) = phase { return subscribed(pending, reply) }
        if let failure = check(reply) { return failure }
        return phase == .creatingSession ? sessionCreated(reply) : polled(reply, elapsed: elapsed)
    }

    private mutating func check(_ reply: HTTPReply) -> LongPollVerdict? {
        switch reply.status {
        case 200..<300: return nil
        case 404 where version == .v2 && phase == .polling: return rebuild("the provider does not know our session")
        case 401, 403, 404:
            return .failed("the provider refuses us (HTTP \(reply.status)): is the token right?", refused: true)
        default: return Self.failure(reply)
        }
    }

    private static func failure(_ reply: HTTPReply) -> LongPollVerdict {
        let retryAfter = reply.retryAfterSeconds.map { Span.seconds(Int64(min(max($0, 0), 86_400))) }
        let reason = reply.status == 429 ? "too many requests (HTTP 429)" : "HTTP \(reply.status)"
        return .failed(reason, retryAfter: retryAfter)
    }

    // MARK: - Version 2

    private mutating func sessionCreated(_ reply: HTTPReply) -> LongPollVerdict {
        guard let id = JSONValue.read(reply.body)?.object?["id"]?.text else {
            return .failed("no id in the reply to our request for a session")
        }
        session = id
        refusedTokens = []
        failedSubscriptions = 0
        phase = .subscribing(Array(tokens.indices))
        return .prepared
    }

    private mutating func subscribed(_ pending: [Int], _ reply: HTTPReply) -> LongPollVerdict {
        switch reply.status {
        case 200..<300: subscribed(pending, isAccepted: true)
        case 429: subscribed(pending, isAccepted: false, failure: Self.failure(reply))
        case 400..<500: subscribed(pending, isAccepted: false)
        default: subscribed(pending, isAccepted: false, failure: Self.failure(reply))
        }
    }

    /// Anything but a 2xx is a token without events: never polled on as if it were subscribed, and asked for again
    /// later. The others go on without it.
    /// - Parameter failure: the server was in trouble; nil where it said no.
    private mutating func subscribed(
        _ pending: [Int], isAccepted: Bool, failure: LongPollVerdict? = nil
    ) -> LongPollVerdict {
        if !isAccepted { refusedTokens.append(pending[0]) }
        failedSubscriptions = failure == nil ? 0 : failedSubscriptions + 1
        var left = Array(pending.dropFirst())
        if failedSubscriptions >= Self.maximumFailedSubscriptions {
            refusedTokens += left
            left = []
        }
        guard left.isEmpty else {
            phase = .subscribing(left)
            return .prepared
        }
        if refusedTokens.count == tokens.count {
            restart()
            return failure ?? .failed("the provider refuses every token of this source", refused: true)
        }
        phase = .polling
        polledSince = .milliseconds(0)
        guard refusedTokens.isEmpty else {
            let places = refusedTokens.sorted().map { "\($0 + 1)" }.joined(separator: ", ")
            return .degraded("the provider refuses token \(places) of \(tokens.count); the others go on")
        }
        return .prepared
    }

    private mutating func restart() {
        session = nil
        phase = .creatingSession
    }

    private mutating func rebuild(_ reason: String) -> LongPollVerdict {
        restart()
        return .sessionLost(reason)
    }

    // MARK: - Polling

    private mutating func polled(_ reply: HTTPReply, elapsed: Span) -> LongPollVerdict {
        let text = decodeText(Array(reply.body.prefix(200)))
        if version == .v2, text.lowercased().hasPrefix("timeout") {
            guard elapsed >= Self.shortestHold else { return rebuild("the session timed out at once") }
            restart()
            return .idle(cursor: nil)
        }
        guard let parsed = OVHReply(reply.body) else {
            // What an idle poll of version 1 looks like is documented nowhere: empty or some text, after being held.
            // The same at once is a proxy's error page.
            if reply.body.isEmpty || elapsed >= .seconds(20) { return .idle(cursor: nil) }
            return .unreadable("a reply that is not JSON: \(text.prefix(60).debugDescription)")
        }
        var cursor: PollCursor?
        if version == .v1 {
            if let newest = parsed.session, newest != session {
                session = newest
                cursor = PollCursor(slot: slot, value: newest)
            }
        } else if let session {
            cursor = PollCursor(slot: slot, value: session)
            polledSince = Span(milliseconds: polledSince.milliseconds + elapsed.milliseconds)
            if !refusedTokens.isEmpty, polledSince >= Self.subscribeAgainAfter {
                phase = .subscribing(refusedTokens)
                refusedTokens = []
                failedSubscriptions = 0
            }
        }
        return parsed.events.isEmpty ? .idle(cursor: version == .v1 ? cursor : nil) : .delivered(cursor: cursor)
    }
}

extension OVHSession {
    /// What OVH echoes in every event.
    package static let secretFields = ["Token"]
}
