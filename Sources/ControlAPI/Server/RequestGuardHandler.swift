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
    /// A head has come and the end of its body has not.
    private var isReading = false
    private var hasRefused = false
    /// What came behind the requests in progress cannot be read: they are answered, and nothing more.
    private var endsAfterAnswers = false

    init(deadline: TimeAmount) {
        self.deadline = deadline
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            unanswered += 1
            isReading = true
            timer?.cancel()
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: deadline) {
                context.fireErrorCaught(TooSlow())
            }
        case .body: break
        case .end:
            isReading = false
            timer?.cancel()
            timer = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else {
            context.write(data, promise: promise)
            return
        }
        unanswered -= 1
        if endsAfterAnswers, unanswered == 0 {
            context.writeAndFlush(data, promise: promise)
            context.triggerUserOutboundEvent(FinishConnection(), promise: nil)
        } else {
            context.write(data, promise: promise)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, !isReading else {
            context.fireErrorCaught(error)
            return
        }
        guard unanswered == 0 else {
            // The call may be placed already: its answer must not be lost for nonsense behind the request.
            endsAfterAnswers = true
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
