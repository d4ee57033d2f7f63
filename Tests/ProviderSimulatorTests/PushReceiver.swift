import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server that takes whatever comes, byte by byte, and answers 200: what a provider's push looks like from the
/// other side.
final class PushReceiver: Sendable {
    struct Taken: Sendable {
        let method: String
        let target: String
        let headers: [(name: String, value: String)]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        /// The first value of a query parameter, as it came.
        func raw(_ name: String) -> String? {
            target.split(separator: "?").last?.split(separator: "&").first { $0.hasPrefix("\(name)=") }
                .map { String($0.dropFirst(name.count + 1)) }
        }
    }

    private final class Store: Sendable {
        let received = Mutex<(whole: [Taken], cut: [Taken])>(([], []))

        func take(_ request: Taken, isWhole: Bool) {
            received.withLock { if isWhole { $0.whole.append(request) } else { $0.cut.append(request) } }
        }
    }

    private let channel: any Channel
    private let store: Store

    var taken: [Taken] { store.received.withLock { $0.whole } }
    /// Requests whose connection ended before they were complete.
    var cut: [Taken] { store.received.withLock { $0.cut } }
    var port: Int { channel.localAddress?.port ?? 0 }

    private init() async throws {
        let store = Store()
        self.store = store
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1_024)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler { store.take($0, isWhole: $1) })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    static func run(_ body: (PushReceiver) async throws -> Void) async throws {
        let receiver = try await PushReceiver()
        do {
            try await body(receiver)
        } catch {
            try? await receiver.channel.close()
            throw error
        }
        try? await receiver.channel.close()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let take: @Sendable (Taken, _ isWhole: Bool) -> Void
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(take: @escaping @Sendable (Taken, _ isWhole: Bool) -> Void) {
            self.take = take
        }

        private func request(_ head: HTTPRequestHead) -> Taken {
            Taken(
                method: head.method.rawValue, target: head.uri,
                headers: head.headers.map { (name: $0.name, value: $0.value) }, body: body)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, [])
            case .body(let bytes): body.append(contentsOf: bytes.readableBytesView)
            case .end:
                guard let head else { return }
                take(request(head), true)
                self.head = nil
                let answer = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "0"])
                context.write(wrapOutboundOut(.head(answer)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            if let head { take(request(head), false) }
            head = nil
            context.fireChannelInactive()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
