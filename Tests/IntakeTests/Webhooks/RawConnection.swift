import NIOCore
import NIOPosix

/// A client that sends exactly the bytes a test wants.
final class RawConnection {
    struct Reply: Equatable {
        let status: Int
        /// Names in lower case.
        let headers: [String: String]
        let body: String
    }

    private let channel: any Channel
    private var chunks: AsyncStream<ByteBuffer>.AsyncIterator
    private var received: [UInt8] = []

    init(port: Int, host: String = "127.0.0.1") async throws {
        let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ChunkHandler(continuation))
                }
            }
            .connect(host: host, port: port).get()
        chunks = stream.makeAsyncIterator()
    }

    /// What cannot be sent any more is not an error: the reply tells.
    func send(_ text: String) {
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
    }

    func send(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// The next whole reply; nil where the connection ends before.
    func reply(toHead: Bool = false) async -> Reply? {
        while true {
            if let reply = takeReply(toHead: toHead) { return reply }
            guard let chunk = await chunks.next(isolation: #isolation) else { return nil }
            received += Array(chunk.readableBytesView)
        }
    }

    /// Waits for the end of the connection; the bytes that came before it.
    func untilClosed() async -> String {
        while let chunk = await chunks.next(isolation: #isolation) { received += Array(chunk.readableBytesView) }
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    func close() async {
        try? await channel.close().get()
    }

    private func takeReply(toHead: Bool) -> Reply? {
        let mark = Array("\r\n\r\n".utf8)
        guard let end = received.indices.first(where: { received[$0...].starts(with: mark) }) else { return nil }
        let lines = String(decoding: received[..<end], as: UTF8.self).split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let length = toHead ? 0 : headers["content-length"].flatMap { Int($0) } ?? 0
        let rest = received[(end + 4)...]
        guard rest.count >= length else { return nil }
        let reply = Reply(
            status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: headers,
            body: String(decoding: rest.prefix(length), as: UTF8.self))
        received = Array(rest.dropFirst(length))
        return reply
    }
}

private final class ChunkHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let chunks: AsyncStream<ByteBuffer>.Continuation

    init(_ chunks: AsyncStream<ByteBuffer>.Continuation) {
        self.chunks = chunks
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        chunks.yield(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        chunks.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
