package import CallModel

/// One conversation with OVH's event service: which request comes next, and what a reply means.
///
/// Version 1 (OVH guide): `GET /?token=…`, then with `&session=…`, always the newest. Version 2 (public clients):
/// make a session, subscribe each token, poll; an unknown session (404) or `Timeout, please reconnect` starts over with
/// a new session, whose id is the one to poll. The timeout of a poll that was held is the normal end of a minute
/// without events: nothing is lost and nothing is told.
package struct OVHSession: LongPollConversation {
    /// The documented interface, and the one that public clients use.
    package enum Version: Sendable, Hashable {
        case v1
        case v2
    }

    private enum Phase: Sendable, Equatable {
        case polling
        case creatingSession
        case subscribing
    }

    /// A provider holds an idle poll for about a minute; what comes sooner than this was not held.
    private static let shortestHold = Span.seconds(1)

    /// A refused token is asked for again after polling this long without it.
    private static let subscribeAgainAfter = Span.minutes(1)

    /// A longer reply is refused while it arrives.
    package static let maximumReplyBytes = 4 << 20

    private let version: Version
    private let baseURL: String
    /// One in version 1: one token is one poll loop.
    private let tokens: [Redacted<String>]
    private let timeout: Span
    private var session: String?
    private var phase: Phase
    private var subscriptions: OVHSubscriptions
    /// How long was polled since refused tokens were last asked for.
    private var polledSince = Span.milliseconds(0)
    package let slot: String

    /// - Parameters:
    ///   - slot: names the cursor of this conversation.
    ///   - session: where an earlier run went on; empty where it was about to make one.
    package init(
        version: Version, baseURL: String, tokens: [Redacted<String>], timeout: Span = .seconds(75), slot: String,
        session: String? = nil
    ) {
        self.version = version
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.tokens = tokens
        self.timeout = timeout
        self.slot = slot
        subscriptions = OVHSubscriptions(count: tokens.count)
        self.session = session?.isEmpty == true ? nil : session
        phase = version == .v2 && self.session == nil ? .creatingSession : .polling
    }

    /// Version 1 is asked again from the same place. In version 2 a session that is subscribed collects events, and
    /// only the one that is stored is found again.
    package var losesWhatIsCut: Bool { version == .v2 && phase != .creatingSession }

    package func nextRequest() -> HTTPRequest {
        switch (version, phase) {
        case (.v1, _):
            var url = "\(baseURL)/?token=\(percentEncoded(tokens[0].exposed))"
            if let session { url += "&session=\(percentEncoded(session))" }
            return request(.get, url, timeout)
        case (.v2, .creatingSession): return preparation("\(baseURL)/v2/session", .seconds(15))
        case (.v2, .subscribing):
            let token = percentEncoded(tokens[subscriptions.next ?? 0].exposed)
            return preparation("\(sessionURL)/subscribe/\(token)", subscriptions.wait)
        case (.v2, .polling): return request(.get, "\(sessionURL)/events/poll", timeout)
        }
    }

    /// A session that nobody polls and a token subscribed twice do no harm. Every idle minute ends a session: a
    /// connection for each of these requests would be a TLS handshake a token and minute.
    private func preparation(_ url: String, _ timeout: Span) -> HTTPRequest {
        var request = request(.post, url, timeout)
        request.isRepeatable = true
        return request
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
            let verdict = LongPollVerdict.failed(failure.description)
            if phase == .subscribing {
                return subscribed(failure.kind == .timedOut ? .silent : .failed, elapsed, verdict)
            }
            // Version 1 is asked again from the same place; version 2 has given away what did not arrive.
            let mayBeGone = version == .v2 && phase == .polling && failure.mayHaveBeenSent
            return mayBeGone ? .unreadable(failure.description) : verdict
        case .success(let success): reply = success
        }
        if phase == .subscribing { return subscribed(reply, elapsed) }
        if let failure = check(reply) { return failure }
        return phase == .creatingSession ? sessionCreated(reply) : polled(reply, elapsed: elapsed)
    }

    private mutating func check(_ reply: HTTPReply) -> LongPollVerdict? {
        switch reply.status {
        case 200..<300: return nil
        case let status where [401, 403, 404, 410].contains(status) && version == .v2 && phase == .polling:
            // Whether the tokens are refused too is found out by subscribing them again.
            return rebuild("the provider does not know our session (HTTP \(reply.status))")
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
        subscriptions.beginAnew()
        phase = .subscribing
        return .prepared
    }

    private mutating func subscribed(_ reply: HTTPReply, _ elapsed: Span) -> LongPollVerdict {
        switch reply.status {
        case 200..<300: subscribed(.granted, elapsed)
        case 400..<429, 430..<500: subscribed(.refused, elapsed)
        default: subscribed(.failed, elapsed, Self.failure(reply))
        }
    }

    /// Anything but a 2xx is a token without events: never polled on as if it were subscribed, and asked for again
    /// later. The others go on without it.
    /// - Parameter failure: the server was in trouble; nil where it said no.
    private mutating func subscribed(
        _ answer: OVHSubscriptions.Answer, _ elapsed: Span, _ failure: LongPollVerdict? = nil
    ) -> LongPollVerdict {
        subscriptions.answered(answer, elapsed: elapsed)
        guard subscriptions.next == nil else { return .prepared }
        if subscriptions.areNone {
            restart()
            return failure ?? .failed("the provider refuses every token of this source", refused: true)
        }
        phase = .polling
        polledSince = .milliseconds(0)
        let missing = subscriptions.missing
        guard missing.isEmpty else {
            let places = missing.sorted().map { "\($0 + 1)" }.joined(separator: ", ")
            return .degraded(
                "the provider refuses token \(places) of \(tokens.count), or does not answer for it; the others go on")
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
        let text = Self.text(reply.body)
        if text.lowercased().hasPrefix("timeout"), version == .v2 {
            guard elapsed >= Self.shortestHold else { return rebuild("the session timed out at once") }
            restart()
            return idle()
        }
        let isTimeout = version == .v1 && OVHReply.isTimeout(text)
        guard !isTimeout, let parsed = OVHReply(reply.body) else {
            if version == .v2, text.lowercased().contains("session not found") {
                return rebuild("the provider does not know our session")
            }
            // What an idle poll of version 1 looks like is documented nowhere: the words of version 2, or empty, or
            // some text, after being held. The same at once is a proxy's error page.
            if reply.body.isEmpty || elapsed >= (isTimeout ? Self.shortestHold : .seconds(20)) { return idle() }
            let shown = text.prefix(60).unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
            return .unreadable("a reply that is not JSON: \"\(String(String.UnicodeScalarView(shown)))\"")
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
            // Those for which there was no time yet do not wait for their turn.
            let isDue = polledSince >= Self.subscribeAgainAfter || subscriptions.areUnasked
            if !subscriptions.missing.isEmpty, isDue {
                subscriptions.begin()
                phase = .subscribing
            }
        }
        guard parsed.events.isEmpty else { return .delivered(cursor: cursor) }
        return version == .v1 ? .idle(cursor: cursor) : idle()
    }

    /// The beginning of a reply that is a text, bare or in JSON, without the blanks around it.
    private static func text(_ body: [UInt8]) -> String {
        let plain = decodeText(Array(body.prefix(200)))
        let text = body.count <= 200 ? JSONValue.read(body)?.text ?? plain : plain
        return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// Nothing happened, and no session was named.
    private func idle() -> LongPollVerdict {
        version == .v1
            ? .idle(cursor: nil) : .idle(cursor: PollCursor(slot: slot, value: session ?? ""), isNeeded: false)
    }
}

extension OVHSession {
    /// What OVH echoes in every event.
    package static let secretFields = ["Token"]
}
