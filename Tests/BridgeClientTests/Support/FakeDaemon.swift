import NIOCore
import NIOPosix
import Synchronization

/// A server on a Unix socket that answers each connection with bytes from a script, whatever it was asked.
///
/// Bytes and not replies, so that a test can break off anywhere: in a chunk, in its length, in a character.
final class FakeDaemon: Sendable {
    struct Answer: Sendable {
        enum End: Sendable { case close, stayOpen }

        var pieces: [[UInt8]]
        var end: End = .close
    }

    private struct State {
        var answers: [Answer]
        var requests: [String] = []
    }

    private let state: Mutex<State>
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel

    /// The heads and bodies of the requests so far.
    var requests: [String] { state.withLock { $0.requests } }
    /// The request targets so far.
    var targets: [String] {
        requests.map { String($0.split(separator: " ", maxSplits: 2).dropFirst().first ?? "") }
    }

    private init(_ state: consuming Mutex<State>, group: MultiThreadedEventLoopGroup, channel: any Channel) {
        self.state = state
        self.group = group
        self.channel = channel
    }

    /// Runs `body` against a daemon that gives these answers, one a connection, and then closes at once.
    @discardableResult
    static func serve<Result>(
        at path: String, _ answers: [Answer], _ body: (FakeDaemon) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let box = Box()
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ScriptHandler { box.daemon.withLock { $0 }?.next($0) })
                }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        let daemon = FakeDaemon(Mutex(State(answers: answers)), group: group, channel: channel)
        box.daemon.withLock { $0 = daemon }
        let outcome: Swift.Result<Result, any Error>
        do { outcome = .success(try await body(daemon)) } catch { outcome = .failure(error) }
        box.daemon.withLock { $0 = nil }
        try? await channel.close()
        try await group.shutdownGracefully()
        return try outcome.get()
    }

    private func next(_ request: String) -> Answer {
        state.withLock { state in
            state.requests.append(request)
            return state.answers.isEmpty ? Answer(pieces: []) : state.answers.removeFirst()
        }
    }

    /// Breaks the circle between the server, which needs the script, and the script, which needs the server.
    private final class Box: Sendable {
        let daemon = Mutex<FakeDaemon?>(nil)
    }
}

/// Waits for a whole request and plays the answer to it.
private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: (String) -> FakeDaemon.Answer?
    private var received = ""
    private var hasAnswered = false

    init(_ answer: @escaping (String) -> FakeDaemon.Answer?) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        guard !hasAnswered, isComplete else { return }
        hasAnswered = true
        guard let answer = answer(received) else { return context.close(promise: nil) }
        for piece in answer.pieces { context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: piece)), promise: nil) }
        if case .close = answer.end { context.close(promise: nil) }
    }

    private var isComplete: Bool {
        guard let end = received.range(of: "\r\n\r\n") else { return false }
        let head = received[..<end.lowerBound].lowercased()
        guard let field = head.range(of: "content-length: ") else { return true }
        let length = Int(head[field.upperBound...].prefix { $0.isNumber }) ?? 0
        return received[end.upperBound...].utf8.count >= length
    }
}

extension String {
    /// The first place of `text`; the standard library has no such search for strings.
    fileprivate func range(of text: String) -> Range<Index>? { self[...].range(of: text) }
}

extension Substring {
    fileprivate func range(of text: String) -> Range<Index>? {
        firstRange(of: text)
    }
}
