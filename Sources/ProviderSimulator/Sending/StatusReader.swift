internal import NIOCore
internal import NIOHTTP1

/// Takes the status of one answer and closes the connection; the body is not looked at.
final class StatusReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    /// The connection ended without an answer.
    struct NoAnswer: Error, CustomStringConvertible {
        let description = "no answer"
    }

    private let outcome: EventLoopPromise<Int>

    init(outcome: EventLoopPromise<Int>) {
        self.outcome = outcome
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        outcome.succeed(Int(head.status.code))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        outcome.fail(NoAnswer())
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        outcome.fail(error)
        context.close(promise: nil)
    }
}
