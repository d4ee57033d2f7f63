import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A loopback HTTP server that answers each path as a test wants, and remembers the targets it was asked for.
final class ScriptedProvider: Sendable {
    enum Answer: Sendable {
        case reply(status: Int, String)
        /// The connection is cut instead.
        case cut
    }

    private let channel: any Channel
    private let seen: Box

    fileprivate final class Box: Sendable {
        let targets = Mutex<[String]>([])
        let script: @Sendable (String) -> Answer

        init(_ script: @escaping @Sendable (String) -> Answer) {
            self.script = script
        }
    }

    private init(channel: any Channel, seen: Box) {
        self.channel = channel
        self.seen = seen
    }

    /// Serves `script`, which gets the target of each request, while `body` runs.
    static func serve(
        _ script: @escaping @Sendable (String) -> Answer, _ body: (ScriptedProvider) async throws -> Void
    ) async throws {
        let box = Box(script)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(ProviderHandler(box))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let provider = ScriptedProvider(channel: channel, seen: box)
        do {
            try await body(provider)
        } catch {
            try? await channel.close().get()
            throw error
        }
        try await channel.close().get()
    }

    var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }
    /// In the order in which they came.
    var targets: [String] { seen.targets.withLock { $0 } }
}

private final class ProviderHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let box: ScriptedProvider.Box
    private var target = ""

    init(_ box: ScriptedProvider.Box) {
        self.box = box
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): target = head.uri
        case .body: break
        case .end:
            box.targets.withLock { $0.append(target) }
            switch box.script(target) {
            case .cut: context.close(promise: nil)
            case .reply(let status, let text):
                let head = HTTPResponseHead(
                    version: .http1_1, status: .init(statusCode: status),
                    headers: ["Content-Length": String(text.utf8.count), "Content-Type": "text/xml"])
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
