import CallModel
import NIOCore
import NIOHTTP1

/// Keeps one connection within its time, and ends it so that the client gets to read why.
///
/// Sits right behind the HTTP decoder. What Hummingbird does not do: an absolute deadline a request (a body that drips
/// resets its idle timeout), closing after a reply to HTTP/1.0, `431` for a head that is too long, and reading on for
/// a moment after a refusal (closing a socket with unread bytes resets it, and the reply may be lost).
final class ConnectionPolicyHandler: ChannelDuplexHandler {
    /// Ends the body of a request that will not become whole: without it the body would just end, and be taken for
    /// the whole.
    struct RequestAbandoned: Error {}

    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private struct Exchange {
        let keepsAlive: Bool
        let isHTTP10: Bool
        var isRead = false
        var isBeingAnswered = false
    }

    private let limits: WebhookSettings.Limits
    private let targets: TargetEscapeHandler
    /// Oldest first; more than one where the client pipelines.
    private var exchanges: [Exchange] = []
    private var closesAfterReply = false
    /// From here on everything that arrives is thrown away, and nothing more is written.
    private var isDraining = false
    private var timer: Scheduled<Void>?

    init(limits: WebhookSettings.Limits, targets: TargetEscapeHandler) {
        self.limits = limits
        self.targets = targets
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { arm(context, limits.idle) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func channelActive(context: ChannelHandlerContext) {
        arm(context, limits.idle)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDraining else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            targets.isInRequestLine = false
            if exchanges.isEmpty { arm(context, limits.request) }
            exchanges.append(Exchange(keepsAlive: head.isKeepAlive, isHTTP10: head.version == .http1_0))
        case .body: break
        case .end:
            targets.isInRequestLine = true
            if !exchanges.isEmpty { exchanges[exchanges.count - 1].isRead = true }
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isDraining else { return }
        switch error {
        case HTTPParserError.headerOverflow:
            refuse(context, .requestHeaderFieldsTooLarge)
        case is HTTPParserError, is NIOHTTPDecoderError:
            refuse(context, .badRequest)
        default:
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        if exchanges.isEmpty {
            context.close(promise: nil)
        } else {
            closesAfterReply = true
        }
    }

    // MARK: - Replies

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isDraining, !exchanges.isEmpty else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head) where (100..<200).contains(head.status.code):
            context.write(data, promise: promise)
        case .head(var head):
            exchanges[0].isBeingAnswered = true
            if !exchanges[0].keepsAlive { closesAfterReply = true }
            if closesAfterReply {
                head.headers.replaceOrAdd(name: "Connection", value: "close")
            } else if exchanges[0].isHTTP10 {
                head.headers.replaceOrAdd(name: "Connection", value: "keep-alive")
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            let exchange = exchanges.removeFirst()
            if closesAfterReply || !exchange.isRead {
                context.writeAndFlush(data, promise: promise)
                drainAndClose(context, isRead: exchange.isRead)
            } else {
                context.write(data, promise: promise)
                arm(context, exchanges.isEmpty ? limits.idle : limits.request)
            }
        }
    }

    // MARK: - Ends

    private func timeIsUp(_ context: ChannelHandlerContext) {
        guard let exchange = exchanges.first, !isDraining else {
            context.close(promise: nil)
            return
        }
        refuse(context, exchange.isRead ? .serviceUnavailable : .requestTimeout)
    }

    private func refuse(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus) {
        if let first = exchanges.first, first.isRead, status != .serviceUnavailable {
            // A good request is being worked on, and nonsense came behind it.
            closesAfterReply = true
            return
        }
        guard exchanges.count <= 1, exchanges.first?.isBeingAnswered != true else {
            context.close(promise: nil)
            return
        }
        var headers: HTTPHeaders = ["Content-Length": "0", "Connection": "close"]
        if status == .serviceUnavailable {
            headers.add(name: "Retry-After", value: "\(WebhookResponder.retryAfterSeconds)")
        }
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        drainAndClose(context, isRead: false)
        if exchanges.first?.isRead == false { context.fireErrorCaught(RequestAbandoned()) }
    }

    private func drainAndClose(_ context: ChannelHandlerContext, isRead: Bool) {
        isDraining = true
        if isRead {
            context.close(promise: nil)
        } else {
            arm(context, limits.linger)
        }
    }

    private func arm(_ context: ChannelHandlerContext, _ span: Span) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(span.milliseconds)) {
            self.timeIsUp(context)
        }
    }
}
