import Logging
import NIOCore

/// Next to the socket: closes a connection that takes no byte for too long, and ends one in order when asked to.
///
/// Looks at what the kernel has taken, not at whole writes: a reader on a thin line that takes a few bytes now and
/// then is slow, not gone.
final class StalledWriteHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// After the last byte is out, the client has this long to close its side; closing earlier could reset the
    /// connection under what it has not read yet.
    private static let linger = TimeAmount.seconds(1)

    private let patience: TimeAmount
    private let logger: Logger
    private var accepted = 0
    private var taken = 0
    private var lastProgress = NIODeadline.now()
    private var timer: Scheduled<Void>?
    private var lingering: Scheduled<Void>?

    init(patience: TimeAmount, logger: Logger) {
        self.patience = patience
        self.logger = logger
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        accepted += unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
        if timer == nil {
            lastProgress = .now()
            watch(context)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is FinishConnection else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        let flushed = context.eventLoop.makePromise(of: Void.self)
        // Writes complete in order: when this one has, all have.
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: flushed)
        flushed.futureResult.assumeIsolated().whenComplete { result in
            context.close(mode: .output, promise: nil)
            self.lingering = context.eventLoop.assumeIsolated().scheduleTask(in: Self.linger) {
                context.close(promise: nil)
            }
            promise?.completeWith(result)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        lingering?.cancel()
    }

    private func watch(_ context: ChannelHandlerContext) {
        let interval = TimeAmount.nanoseconds(max(patience.nanoseconds / 4, 1_000_000))
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: interval) { self.look(context) }
    }

    private func look(_ context: ChannelHandlerContext) {
        timer = nil
        guard let waiting = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes), waiting > 0 else {
            return
        }
        if accepted - waiting > taken {
            taken = accepted - waiting
            lastProgress = .now()
        } else if lastProgress + patience <= .now() {
            logger.info("connection to the API closed: it takes nothing", metadata: ["pending_bytes": "\(waiting)"])
            context.close(promise: nil)
            return
        }
        watch(context)
    }
}
