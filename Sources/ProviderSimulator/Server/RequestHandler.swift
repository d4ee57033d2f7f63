internal import NIOCore
internal import NIOHTTP1

/// Puts the parts of a request together, within bounds, and hands it over as an exchange.
///
/// NIO's pipelining handler in front lets one request through at a time. A body above 64 KiB gets 413, a target or body
/// that is not text 400; a request that breaks HTTP itself gets NIO's own 400.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Makes the exchange of a request and carries it out.
    typealias Receive = @Sendable (_ request: Request, _ channel: any Channel, _ keepsAlive: Bool) -> Exchange

    private let receive: Receive
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isRefused = false
    private var current: Exchange?

    init(receive: @escaping Receive) {
        self.receive = receive
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let bytes):
            guard !isRefused else { return }
            guard body.count + bytes.readableBytes <= Request.largestBody else {
                return refuse(.payloadTooLarge, context)
            }
            body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard !isRefused, let head else { return }
            self.head = nil
            let request = Request(
                method: head.method.rawValue, target: head.uri,
                headers: head.headers.map { (name: $0.name, value: $0.value) }, body: body)
            body = []
            guard let request else { return refuse(.badRequest, context) }
            current = receive(request, context.channel, head.isKeepAlive)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        current?.channelClosed()
        current = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func refuse(_ status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        isRefused = true
        let headers: HTTPHeaders = ["Content-Length": "0", "Connection": "close"]
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}
