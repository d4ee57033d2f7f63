import CallModel
import NIOCore

/// Ends a connection on which the daemon has said nothing for too long.
///
/// Time counts only while somebody wants to read: a reader that is itself held up (a full pipe behind it) stops
/// asking for more, and that says nothing about the daemon.
final class SilenceHandler: ChannelDuplexHandler {
    typealias InboundIn = NIOAny
    typealias OutboundIn = NIOAny

    private let limit: Span
    private var isWaiting = false
    private var deadline = NIODeadline.now()
    private var timer: Scheduled<Void>?

    init(limit: Span) {
        self.limit = limit
    }

    func channelActive(context: ChannelHandlerContext) {
        rewind()
        schedule(context)
        context.fireChannelActive()
    }

    func read(context: ChannelHandlerContext) {
        rewind()
        isWaiting = true
        context.read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isWaiting = false
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    private func rewind() {
        deadline = .now() + .milliseconds(limit.milliseconds)
    }

    private func schedule(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.deadlinePassed(context) }
    }

    private func deadlinePassed(_ context: ChannelHandlerContext) {
        if isWaiting, NIODeadline.now() >= deadline {
            context.fireErrorCaught(
                ClientFailure.silent(seconds: limit.milliseconds / 1_000))
            context.close(promise: nil)
        } else {
            if !isWaiting { rewind() }
            schedule(context)
        }
    }
}
