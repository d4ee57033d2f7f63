import NIOCore
import NIOHTTP1

/// Answers HTTP/1.0 as its clients understand it: the end of a body without a length is the end of the connection, and
/// a connection that is to go on is one that the client asked for (RFC 9112, sections 6.3, 9.3 and C.2.2).
///
/// Sits right behind the HTTP decoder: further on, nobody knows the version any more, and every answer would be one of
/// HTTP/1.1, in chunks that such a client takes for text.
final class FirstVersionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private struct Request {
        let isFirstVersion: Bool
        let keepsAlive: Bool
    }

    /// Those whose answer has not begun, oldest first; more than one where the client pipelines.
    private var requests: CircularBuffer<Request> = []

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else {
            context.fireChannelRead(data)
            return
        }
        let isFirstVersion = head.version == .http1_0 || head.version.major < 1
        let keepsAlive = head.isKeepAlive
        requests.append(Request(isFirstVersion: isFirstVersion, keepsAlive: keepsAlive))
        // What it means by saying nothing, in the words of HTTP/1.1.
        if isFirstVersion, !keepsAlive { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), !(100..<200).contains(head.status.code),
            let request = requests.popFirst(), request.isFirstVersion
        else {
            context.write(data, promise: promise)
            return
        }
        head.version = .http1_0
        let hasLength = head.headers.contains(name: "Content-Length")
        let closes = !request.keepsAlive || !hasLength || head.headers["Connection"].contains("close")
        head.headers.replaceOrAdd(name: "Connection", value: closes ? "close" : "keep-alive")
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
