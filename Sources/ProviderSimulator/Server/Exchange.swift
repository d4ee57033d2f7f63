internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// One request and the answer it waits for; answered at most once, from any thread.
///
/// Long polls stay here until an event, the hold time or the client's hang-up ends them.
final class Exchange: Sendable {
    /// What a fault does to the answer.
    enum Amendment: Sendable {
        case replace(Ending)
        case halve
        case delay(TimeAmount)
    }

    enum Ending: Sendable {
        case respond(Response)
        /// Half of the body under the full length, then the connection is closed.
        case half(Response)
        case close
        /// Nothing, for ever.
        case silence
    }

    private struct State {
        var isOpen = true
        var isNoted = false
        var amendment: Amendment?
        var timer: Scheduled<Void>?
        var abandon: (@Sendable () -> Void)?
    }

    let id: UInt64
    let request: Request
    let route: Route
    private let channel: any Channel
    private let keepsAlive: Bool
    private let ended: @Sendable (_ id: UInt64, _ status: Int?) -> Void
    private let state = Mutex(State())

    /// - Parameter ended: Called once: with the status when an answer is sent, with nil when there is none.
    init(
        id: UInt64, request: Request, channel: any Channel, keepsAlive: Bool,
        ended: @escaping @Sendable (_ id: UInt64, _ status: Int?) -> Void
    ) {
        self.id = id
        self.request = request
        route = Route(request)
        self.channel = channel
        self.keepsAlive = keepsAlive
        self.ended = ended
    }

    func amend(_ amendment: Amendment) {
        state.withLock { $0.amendment = amendment }
    }

    /// Answers, unless that is done already.
    func finish(_ response: Response) {
        let (wasOpen, amendment) = closeState()
        guard wasOpen else { return }
        switch amendment {
        case nil: perform(.respond(response))
        case .replace(let ending): perform(ending)
        case .halve: perform(.half(response))
        case .delay(let amount):
            _ = channel.eventLoop.scheduleTask(in: amount) { self.perform(.respond(response)) }
        }
    }

    /// Ends in this way whatever a fault wanted.
    func end(_ ending: Ending) {
        guard closeState().wasOpen else { return }
        perform(ending)
    }

    /// Calls `action` if the client goes away before it is answered; at once if it has gone already.
    func whenAbandoned(_ action: @escaping @Sendable () -> Void) {
        let isOpen = state.withLock { state in
            if state.isOpen { state.abandon = action }
            return state.isOpen
        }
        if !isOpen { action() }
    }

    /// Calls `action` after this time unless answered before.
    func expire(after amount: TimeAmount, _ action: @escaping @Sendable () -> Void) {
        let timer = channel.eventLoop.scheduleTask(in: amount, action)
        let isOpen = state.withLock { state in
            if state.isOpen { state.timer = timer }
            return state.isOpen
        }
        if !isOpen { timer.cancel() }
    }

    func schedule(in amount: TimeAmount, _ action: @escaping @Sendable () -> Void) {
        _ = channel.eventLoop.scheduleTask(in: amount, action)
    }

    /// The connection is gone.
    func channelClosed() {
        let (timer, abandon) = state.withLock { state in
            defer { (state.isOpen, state.timer, state.abandon) = (false, nil, nil) }
            return (state.timer, state.abandon)
        }
        timer?.cancel()
        abandon?()
        note(nil)
    }

    private func closeState() -> (wasOpen: Bool, amendment: Amendment?) {
        let (wasOpen, amendment, timer) = state.withLock { state in
            defer { (state.isOpen, state.timer, state.abandon) = (false, nil, nil) }
            return (state.isOpen, state.amendment, state.timer)
        }
        timer?.cancel()
        return (wasOpen, amendment)
    }

    private func note(_ status: Int?) {
        let isFirst = state.withLock { state in
            defer { state.isNoted = true }
            return !state.isNoted
        }
        if isFirst { ended(id, status) }
    }

    private func perform(_ ending: Ending) {
        switch ending {
        case .respond(let response):
            note(response.status)
            channel.eventLoop.execute { self.write(response, half: false) }
        case .half(let response):
            note(nil)
            channel.eventLoop.execute { self.write(response, half: true) }
        case .close:
            note(nil)
            channel.close(promise: nil)
        case .silence: break
        }
    }

    private func write(_ response: Response, half: Bool) {
        var head = HTTPResponseHead(version: .http1_1, status: Self.status(response), headers: HTTPHeaders())
        for header in response.headers { head.headers.add(name: header.name, value: header.value) }
        if response.status != 204, response.status != 304 {
            head.headers.replaceOrAdd(name: "Content-Length", value: String(response.body.readableBytes))
        }
        let stays = keepsAlive && !half
        if !stays { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        if half {
            let part =
                response.body.getSlice(
                    at: response.body.readerIndex, length: response.body.readableBytes / 2) ?? ByteBuffer()
            channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(part)))
                .whenComplete { _ in self.channel.close(promise: nil) }
            return
        }
        if response.body.readableBytes > 0, response.status != 204, response.status != 304 {
            channel.write(HTTPServerResponsePart.body(.byteBuffer(response.body)), promise: nil)
        }
        channel.writeAndFlush(HTTPServerResponsePart.end(nil))
            .whenComplete { _ in if !stays { self.channel.close(promise: nil) } }
    }

    private static func status(_ response: Response) -> HTTPResponseStatus {
        let usual = HTTPResponseStatus(statusCode: response.status)
        guard let reason = response.reason else { return usual }
        return .custom(code: UInt(response.status), reasonPhrase: reason)
    }
}
