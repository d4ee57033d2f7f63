import NIOCore
import NIOPosix
import Synchronization

/// A loopback server that answers every request with the bytes a test wants, and tells what it saw.
final class ScriptedServer: Sendable {
    struct Seen: Sendable {
        let connection: Int
        /// How many requests came before, on all connections.
        let index: Int
        let method: String
        let target: String
        /// Names in lower case.
        let headers: [String: String]
        let body: String
    }

    enum Step: Sendable {
        case send(String)
        case sendBytes([UInt8])
        case close
    }

    enum Observation: Sendable {
        case request(Seen)
        case closed(connection: Int)
    }

    typealias Script = @Sendable (Seen) -> [Step]

    fileprivate struct State {
        var connections = 0
        var requests: [Seen] = []
        var channels: [Int: any Channel] = [:]
    }

    private let channel: any Channel
    private let box: Box
    let observations: AsyncStream<Observation>

    fileprivate final class Box: Sendable {
        let state = Mutex(State())
        let script: Script
        let tell: AsyncStream<Observation>.Continuation

        init(script: @escaping Script, tell: AsyncStream<Observation>.Continuation) {
            self.script = script
            self.tell = tell
        }
    }

    init(unixSocketPath: String? = nil, script: @escaping Script) async throws {
        let (stream, continuation) = AsyncStream<Observation>.makeStream()
        let box = Box(script: script, tell: continuation)
        observations = stream
        self.box = box
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1_024)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(box))
                }
            }
        channel =
            if let unixSocketPath {
                try await bootstrap.bind(unixDomainSocketPath: unixSocketPath).get()
            } else {
                try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
            }
    }

    var port: Int { channel.localAddress?.port ?? 0 }
    var requests: [Seen] { box.state.withLock { $0.requests } }
    var connections: Int { box.state.withLock { $0.connections } }

    func url(_ path: String = "/", host: String = "127.0.0.1") -> String { "http://\(host):\(port)\(path)" }

    /// Sends to a connection outside the script.
    func perform(_ steps: [Step], on connection: Int) {
        let channel = box.state.withLock { $0.channels[connection] }
        channel?.eventLoop.execute {
            guard let channel else { return }
            ScriptHandler.perform(steps, on: channel)
        }
    }

    func stop() async throws {
        try await channel.close().get()
        for channel in box.state.withLock({ Array($0.channels.values) }) { try? await channel.close().get() }
        box.tell.finish()
    }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let box: ScriptedServer.Box
    private var received = ""
    private var connection = 0

    init(_ box: ScriptedServer.Box) {
        self.box = box
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        connection = box.state.withLock { state in
            state.connections += 1
            state.channels[state.connections] = channel
            return state.connections
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        box.state.withLock { state in state.channels[connection] = nil }
        box.tell.yield(.closed(connection: connection))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        while let seen = takeRequest() {
            box.tell.yield(.request(seen))
            Self.perform(box.script(seen), on: context.channel)
        }
    }

    private func takeRequest() -> ScriptedServer.Seen? {
        guard let end = received.utf8.firstRange(of: "\r\n\r\n".utf8) else { return nil }
        let lines = received[..<end.lowerBound].split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        let rest = received[end.upperBound...]
        guard rest.utf8.count >= length else { return nil }
        let body = String(decoding: rest.utf8.prefix(length), as: UTF8.self)
        received = String(decoding: rest.utf8.dropFirst(length), as: UTF8.self)
        return box.state.withLock { state in
            let seen = ScriptedServer.Seen(
                connection: connection, index: state.requests.count, method: String(words[0]),
                target: String(words[1]), headers: headers, body: body)
            state.requests.append(seen)
            return seen
        }
    }

    static func perform(_ steps: [ScriptedServer.Step], on channel: any Channel) {
        for step in steps {
            switch step {
            case .send(let text): channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
            case .sendBytes(let bytes): channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
            case .close: channel.close(promise: nil)
            }
        }
    }
}

extension String.UTF8View {
    fileprivate func firstRange(of pattern: String.UTF8View) -> Range<Index>? {
        var start = startIndex
        while start != endIndex {
            if self[start...].starts(with: pattern) { return start..<index(start, offsetBy: pattern.count) }
            formIndex(after: &start)
        }
        return nil
    }
}

extension ScriptedServer.Step {
    /// A whole reply with its length.
    static func reply(_ status: String, headers: [String] = [], _ body: String = "") -> ScriptedServer.Step {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        return .send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }
}
