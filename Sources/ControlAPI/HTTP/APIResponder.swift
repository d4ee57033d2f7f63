import CallModel
import EventJournal
import Fanout
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Answers requests: who may, what is asked, what comes of it.
struct APIResponder: Sendable {
    let backend: APIBackend
    let tokens: TokenTable
    let streams: StreamTable
    let reads: JournalReads
    let limits: APILimits
    let logger: Logger

    /// Never throws: whatever goes wrong has a problem document.
    func respond(to request: Request, from caller: Caller, on channel: any Channel) async -> Response {
        var name = "none"
        var response: Response
        do throws(Problem) {
            let (caller, allowed) = identify(request, caller)
            // Its body is still with the client, who was not told to go on.
            if allowed == nil, Self.expectsContinue(request) { throw .unauthorized.closing }
            let body = try await Self.body(of: request)
            let isHealth = ["/healthz", "/readyz"].contains(request.uri.path)
            // Before the route is looked at: a stranger learns nothing about what there is.
            if allowed == nil, !isHealth { throw .unauthorized }
            let route = try Route.resolve(method: request.method.rawValue, path: request.uri.path)
            name = route.name
            if let need = route.needs, !(allowed ?? []).contains(need) { throw .forbidden(need) }
            response = try await answer(route, request, body, caller, allowed ?? [], channel)
            if request.method == .head { response = response.createHeadResponse() }
        } catch {
            response = request.method == .head ? Response.problem(error).createHeadResponse() : .problem(error)
        }
        response.headers[.date] = HTTPDate.text(backend.now())
        backend.metrics.counter(
            "ctibridge_api_requests_total",
            help: "Requests to the API, by what was asked and the status of the answer.",
            labels: [.init("route", name), .init("code", String(response.status.code))]
        ).add()
        logger.debug("request to the API", metadata: ["route": "\(name)", "status": "\(response.status.code)"])
        return response
    }

    // MARK: - Before the route

    /// Whether the client waits to be told that it may send the body (RFC 9110, section 10.1.1), and may.
    func letsContinue(_ request: Request, from caller: Caller) -> Bool {
        Self.expectsContinue(request) && identify(request, caller).1 != nil && !Self.announcesTooMuch(request)
    }

    private static func expectsContinue(_ request: Request) -> Bool {
        request.headers[.expect]?.lowercased() == "100-continue"
    }

    private static func announcesTooMuch(_ request: Request) -> Bool {
        request.headers[.contentLength].flatMap(Int.init).map { $0 > APILimits.maximumBodyBytes } ?? false
    }

    /// Nil grants: nobody we know.
    private func identify(_ request: Request, _ caller: Caller) -> (Caller, Set<Grant>?) {
        guard caller.way == .tcp else { return (caller, Set(Grant.allCases)) }
        guard let token = tokens.token(authorization: request.headers[.authorization]) else { return (caller, nil) }
        var caller = caller
        caller.token = token.name
        return (caller, token.may)
    }

    /// The whole body, also of requests that need none: what is left unread would be taken for the next request.
    private static func body(of request: Request) async throws(Problem) -> [UInt8] {
        if announcesTooMuch(request) { throw .contentTooLarge }
        do {
            let buffer = try await request.body.collect(upTo: APILimits.maximumBodyBytes)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw .contentTooLarge
        } catch is RequestGuardHandler.TooSlow {
            throw Problem(.requestTimeout, detail: "the request did not arrive in time", closesConnection: true)
        } catch {
            throw Problem(.badRequest, detail: "the request body is malformed or incomplete", closesConnection: true)
        }
    }

    // MARK: - Routes

    private func answer(
        _ route: Route, _ request: Request, _ body: [UInt8], _ caller: Caller, _ allowed: Set<Grant>,
        _ channel: any Channel
    ) async throws(Problem) -> Response {
        switch route {
        case .events: return try await events(request, caller, channel)
        case .calls:
            let query = try CallsRequest.read(
                request.uri.query, now: backend.now(), plans: backend.numberPlans())
            let calls = try await reads.run { journal throws(JournalError) in try journal.calls(query) }
            return .json { json in json.array("calls") { json in calls.forEach { json.raw($0.json) } } }
        case .deliveries: return try await DeliveryFeed.response(request.uri.query, backend, reads)
        case .call(let id):
            let explains = try Query(request.uri.query, allowed: ["explain"]).flag("explain") ?? false
            let (now, context, live) = (backend.now(), backend.recording(), backend.hub.subscribers.sessions)
            let plans = backend.numberPlans()
            let document = try await reads.run { journal throws(JournalError) -> [UInt8]? in
                guard let call = try journal.call(id) else { return nil }
                let explanation =
                    explains
                    ? try CallExplainer(journal: journal, context: context, live: live, plans: plans, now: now)
                        .json(call) : nil
                return CallHistory.json(
                    call: call, entries: try journal.history(of: id), explanation: explanation,
                    showsRaw: allowed.contains(.raw))
            }
            guard let document else { throw Problem(CallControlError.notFound, sources: []) }
            return .bytes(document, type: "application/json")
        case .placeCall: return try await place(request, body, caller)
        case .hangUp(let id):
            _ = try Query(request.uri.query, allowed: [])
            return try await hangUp(id, caller)
        case .order(let route):
            try Self.requireJSON(request)
            let responder = OrderResponder(
                orders: backend.orders, sources: backend.sources.sources().map(\.source), logger: logger)
            return try await responder.answer(
                route, body: body, key: try OrderBody.key(request.headers[.idempotencyKey]), caller: caller)
        case .sources:
            _ = try Query(request.uri.query, allowed: [])
            let sources = backend.sources.sources()
            return .json { json in json.array("sources") { json in sources.forEach { $0.write(to: &json) } } }
        case .subscribers:
            _ = try Query(request.uri.query, allowed: [])
            return SubscriberList.response(backend.hub)
        case .metrics:
            return .bytes(Array(backend.metrics.text().utf8), type: "text/plain; version=0.0.4; charset=utf-8")
        case .health: return .json { $0.field("status", "alive") }
        case .readiness:
            if case .notReady(let reason) = backend.readiness() { throw .unavailable(reason) }
            return .json { $0.field("status", "ready") }
        }
    }

    /// No query, and a body that says what it is.
    private static func requireJSON(_ request: Request) throws(Problem) {
        _ = try Query(request.uri.query, allowed: [])
        let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        guard type == "application/json" else { throw .unsupportedMediaType }
    }

    private func place(_ request: Request, _ body: [UInt8], _ caller: Caller) async throws(Problem) -> Response {
        try Self.requireJSON(request)
        let known = backend.sources.sources().map(\.source)
        let key = try OrderBody.key(request.headers[.idempotencyKey])
        let refusal = { (error: CallControlError) -> Problem in
            logger.notice("call not placed", metadata: ["by": "\(caller.name)", "error": "\(error)"])
            return Problem(error, sources: known)
        }
        var claimed: SourceName?
        if let key {
            do throws(CallControlError) { claimed = try await backend.calls.source(ofRequestWith: key) } catch {
                throw refusal(error)
            }
        }
        let order = try CallOrder(json: body, idempotencyKey: key, knownSources: known, claimed: claimed)
        let answer: PlaceAnswer
        do throws(CallControlError) {
            switch order {
            case .place(let wanted): answer = try await backend.calls.place(wanted)
            case .track(let source, let callid):
                answer = PlaceAnswer(try await backend.calls.track(source: source, callid: callid))
            }
        } catch {
            throw refusal(error)
        }
        logger.info("call accepted", metadata: ["by": "\(caller.name)", "call": "\(answer.call)"])
        return .json(status: .accepted, headers: [.location: Route.location(of: answer.call)]) { json in
            json.field("id", answer.call.rawValue)
            if !answer.ignored.isEmpty { json.array("ignored") { json in answer.ignored.forEach { json.string($0) } } }
        }
    }

    private func hangUp(_ id: CallID, _ caller: Caller) async throws(Problem) -> Response {
        do throws(CallControlError) {
            try await backend.calls.hangUp(id)
        } catch {
            logger.notice("call not ended", metadata: ["by": "\(caller.name)", "call": "\(id)", "error": "\(error)"])
            throw Problem(error, sources: [])
        }
        logger.info("call ended on request", metadata: ["by": "\(caller.name)", "call": "\(id)"])
        return .json(status: .accepted) { $0.field("id", id.rawValue) }
    }

    private static func leaving(_ reason: StreamStop.Reason?, _ wanted: EventsRequest) -> ReaderSession.Leaving {
        switch reason {
        case .bye(let reason)?: ReaderSession.Leaving(reason)
        case .disconnected?: .disconnected
        case nil: wanted.follow ? .disconnected : .finished
        }
    }

    private func events(
        _ request: Request, _ caller: Caller, _ channel: any Channel
    ) async throws(Problem) -> Response {
        let wanted = try EventsRequest.read(
            request.uri.query, accept: request.headers[.accept], lastEventID: request.headers[.lastEventID],
            now: backend.now(), plans: backend.numberPlans()
        )
        let stop = StreamStop()
        channel.closeFuture.whenComplete { _ in stop.fire(.disconnected) }
        let known = SourceWish(configured: backend.sources.sources().map(\.source), reads: reads)
        try await known.check(wanted.filter.source, in: backend.journal, until: stop)
        let start = EventStart(journal: backend.journal, hub: backend.hub, reads: reads)
        let position = try await start.position(wanted.start)
        // What is durable now is the end, so that the same request always ends.
        let end = wanted.follow ? nil : max(position, backend.hub.head)
        let entry = try streams.enter(stop, channel: channel, token: caller.token)
        // Left when the connection ends, too, should the body never be asked for.
        let body = ResponseBody { writer in
            let id = backend.hub.subscribers.register(
                socket: caller.socket, peer: caller.peer, numbers: .clear, cursor: position, now: backend.now(),
                filter: wanted.filter, token: caller.token
            )
            defer {
                backend.hub.subscribers.unregister(id, left: Self.leaving(stop.reason, wanted))
                streams.leave(entry)
            }
            var feed = EventFeed(
                request: wanted, position: position, end: end, id: id, backend: backend, reads: reads, stop: stop,
                channel: channel, bookmarkInterval: limits.bookmarkInterval
            )
            try await feed.run(&writer)
            try await writer.finish(nil)
        }
        channel.closeFuture.whenComplete { _ in streams.leave(entry) }
        return Response(
            status: .ok,
            headers: [
                .contentType: wanted.framing.contentType, .cacheControl: "no-store", .connection: "close",
                .noBuffering: "no",
            ],
            body: body
        )
    }
}

extension HTTPField.Name {
    /// draft-ietf-httpapi-idempotency-key-header
    static let idempotencyKey = HTTPField.Name(uncheckedName: "Idempotency-Key")
    /// WHATWG HTML, section 9.2.4
    static let lastEventID = HTTPField.Name(uncheckedName: "Last-Event-ID")
    /// Tells nginx to pass a stream on as it comes.
    static let noBuffering = HTTPField.Name(uncheckedName: "X-Accel-Buffering")

    private init(uncheckedName name: StaticString) {
        guard let field = HTTPField.Name("\(name)") else { preconditionFailure("\(name) is a field name") }
        self = field
    }
}
