import NIOCore
import NIOHTTP1

/// Makes one part of all the body that arrived together.
///
/// The daemon may send every event as a chunk of its own. A backlog of 100 000 of them costs one write to the output
/// and one save of the cursor for every 256 KiB this way, instead of 100 000.
final class BodyGatheringHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    private static let maximumGatheredBytes = 256 << 10

    private var gathered = ByteBuffer()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .body(var buffer) = unwrapInboundIn(data) else {
            flush(context)
            context.fireChannelRead(data)
            return
        }
        if gathered.readableBytes == 0 { gathered = buffer } else { gathered.writeBuffer(&buffer) }
        if gathered.readableBytes >= Self.maximumGatheredBytes { flush(context) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flush(context)
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        flush(context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        flush(context)
        context.fireErrorCaught(error)
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard gathered.readableBytes > 0 else { return }
        let part = HTTPClientResponsePart.body(gathered)
        gathered = ByteBuffer()
        context.fireChannelRead(wrapInboundOut(part))
    }
}
