internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Sends one notification as an HTTP GET on a connection of its own, once.
///
/// Keyyo documents no retry: a notification that nobody takes is lost. A receiver has 10 s to answer.
struct NotificationSender: Sendable {
    /// Nobody listens there.
    struct NoConnection: Error, CustomStringConvertible {
        let address: LoopbackAddress
        var description: String { "no connection to \(address)" }
    }

    private static let patience = TimeAmount.seconds(10)

    let group: any EventLoopGroup

    /// - Parameter done: Called once with the status, or nil and a reason.
    func send(
        to address: LoopbackAddress, target: String,
        done: @escaping @Sendable (_ status: Int?, _ problem: String?) -> Void
    ) {
        let loop = group.next()
        let outcome = loop.makePromise(of: Int.self)
        outcome.futureResult.whenComplete { result in
            switch result {
            case .success(let status): done(status, nil)
            case .failure(let error): done(nil, "\(error)")
            }
        }
        let head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: target,
            headers: ["Host": address.description, "User-Agent": "Keyyo", "Connection": "close"])
        ClientBootstrap(group: loop)
            .connectTimeout(Self.patience)
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
                    channel.write(HTTPClientRequestPart.head(head), promise: nil)
                    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
                }
            }
    }
}

extension Scheduled {
    fileprivate func cancel(when future: EventLoopFuture<Int>) {
        future.whenComplete { _ in cancel() }
    }
}
