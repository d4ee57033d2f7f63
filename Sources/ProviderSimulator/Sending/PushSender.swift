internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Sends one push on a connection of its own, once.
///
/// No provider documents a retry: a push that nobody takes is lost. A receiver has 10 s to answer.
struct PushSender: Sendable {
    /// How much of the request is sent.
    enum Extent: Sendable {
        case whole
        /// The head and half of the body under the full length, then the connection is closed. Without a body nothing
        /// is sent at all.
        case half
        /// As much, and the connection stays open until the receiver or 10 s end it.
        case stalled
    }

    /// Nobody listens there.
    struct NoConnection: Error, CustomStringConvertible {
        let address: LoopbackAddress
        var description: String { "no connection to \(address)" }
    }

    private static let patience = TimeAmount.seconds(10)

    let group: any EventLoopGroup

    /// - Parameter done: Called once with the status, or nil and a reason.
    func send(
        _ push: Push, _ extent: Extent, done: @escaping @Sendable (_ status: Int?, _ problem: String?) -> Void
    ) {
        let loop = group.next()
        let outcome = loop.makePromise(of: Int.self)
        outcome.futureResult.whenComplete { result in
            switch result {
            case .success(let status): done(status, nil)
            case .failure(let error): done(nil, "\(error)")
            }
        }
        let address = push.target.address
        ClientBootstrap(group: loop)
            .connectTimeout(Self.patience)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(StatusReader(outcome: outcome))
                }
            }
            .connect(host: address.host, port: address.port)
            .whenComplete { result in
                switch result {
                case .failure: outcome.fail(NoConnection(address: address))
                case .success(let channel):
                    channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
                        .cancel(when: outcome.futureResult)
                    Self.write(push, extent, to: channel)
                }
            }
    }

    private static func write(_ push: Push, _ extent: Extent, to channel: any Channel) {
        var head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: push.method.rawValue), uri: push.path,
            headers: [
                "Host": push.target.address.description, "User-Agent": push.userAgent, "Connection": "close",
            ])
        if let type = push.contentType { head.headers.add(name: "Content-Type", value: type) }
        if push.method == .post { head.headers.add(name: "Content-Length", value: String(push.body.count)) }
        var bytes = push.body[...]
        if case .whole = extent {} else { bytes = bytes.prefix(bytes.count / 2) }
        if case .half = extent, bytes.isEmpty { return channel.close(promise: nil) }
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        let part = HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: bytes)))
        switch extent {
        case .whole:
            if !bytes.isEmpty { channel.write(part, promise: nil) }
            channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        case .half: channel.writeAndFlush(part).whenComplete { _ in channel.close(promise: nil) }
        case .stalled: channel.writeAndFlush(part, promise: nil)
        }
    }
}

extension Scheduled {
    fileprivate func cancel(when future: EventLoopFuture<Int>) {
        future.whenComplete { _ in cancel() }
    }
}
