import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Sees to it that a request arrives whole and in time, and that one which cannot be read is answered all the same.
///
/// A head that does not arrive is the idle timeout's business; a body that drips forever never is idle, so there is
/// a deadline for the whole, counted from the head.
final class RequestGuardHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// The body did not arrive in time. Ends the reading of it.
    struct TooSlow: Error {}

    private let deadline: TimeAmount
    private var timer: Scheduled<Void>?
    private var unanswered = 0
    private var hasRefused = false

    init(deadline: TimeAmount) {
        self.deadline = deadline
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            unanswered += 1
            timer?.cancel()
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: deadline) {
                context.fireErrorCaught(TooSlow())
            }
        case .body: break
        case .end:
            timer?.cancel()
            timer = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { unanswered -= 1 }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, unanswered == 0 else {
            context.fireErrorCaught(error)
            return
        }
        guard !hasRefused else { return }
        hasRefused = true
        let problem = Self.problem(error)
        let json = problem.json
        let head = HTTPResponse(
            status: problem.status,
            headerFields: [
                .contentType: Problem.contentType, .contentLength: String(json.count), .connection: "close",
            ]
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: json))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.triggerUserOutboundEvent(FinishConnection(), promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    private static func problem(_ error: HTTPParserError) -> Problem {
        guard error == .headerOverflow else {
            return Problem(.badRequest, detail: "this is not an HTTP/1.1 request")
        }
        return Problem(
            .requestHeaderFieldsTooLarge,
            detail: "the request head may have at most \(APILimits.maximumHeaderBytes) bytes",
            members: [("maximum", .number(Int64(APILimits.maximumHeaderBytes)))]
        )
    }
}
