import NIOCore
import NIOPosix
import StreamSchema
import Synchronization
import Testing

/// One connection to the API, read byte by byte as it comes, so that tests see what is on the wire.
struct TestClient {
    private struct Ended: Error {}

    /// Pulls as it is asked, and not before: a client that does not read is one whose test does not.
    private final class Inbox: ChannelDuplexHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        let chunks: AsyncStream<ByteBuffer>.Continuation

        init(_ chunks: AsyncStream<ByteBuffer>.Continuation) { self.chunks = chunks }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { chunks.yield(unwrapInboundIn(data)) }
        func channelInactive(context: ChannelHandlerContext) { chunks.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .some(.inputClosed) = event as? ChannelEvent { chunks.finish() }
        }
    }

    let channel: any Channel
    private var chunks: AsyncStream<ByteBuffer>.Iterator
    private var received: [UInt8] = []
    private(set) var head = ""
    private var body: [UInt8] = []
    /// Whether the terminating chunk has come: the answer is whole.
    private(set) var isComplete = false

    static func connect(unix path: String) async throws -> TestClient {
        try await TestClient { try await $0.connect(unixDomainSocketPath: path).get() }
    }

    static func connect(port: Int) async throws -> TestClient {
        try await TestClient { try await $0.connect(host: "127.0.0.1", port: port).get() }
    }

    private init(_ connect: (ClientBootstrap) async throws -> any Channel) async throws {
        let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Inbox(continuation))
                }
            }
        channel = try await connect(bootstrap)
        chunks = stream.makeAsyncIterator()
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func get(_ target: String, headers: String = "") async throws {
        try await send("GET \(target) HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
    }

    func setReading(_ isReading: Bool) async throws {
        try await channel.setOption(.autoRead, value: isReading).get()
        if isReading { channel.read() }
    }

    func close() async {
        try? await channel.close()
    }

    // MARK: - Reading

    private mutating func more() async throws {
        guard let chunk = await chunks.next(isolation: #isolation) else { throw Ended() }
        received += chunk.readableBytesView
    }

    /// The status; the head is in `head` afterwards.
    mutating func readHead() async throws -> Int {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = received.firstRange(of: end) {
                head = String(decoding: received[..<range.lowerBound], as: UTF8.self)
                received.removeSubrange(..<range.upperBound)
                return Int(head.split(separator: " ")[1]) ?? 0
            }
            try await more()
        }
    }

    func header(_ name: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts[0].lowercased() == name.lowercased() { return String(parts[1].drop { $0 == " " }) }
        }
        return nil
    }

    /// The rest of a body whose length is given.
    mutating func readBody() async throws -> String {
        let length = header("content-length").flatMap(Int.init) ?? 0
        while received.count < length { try await more() }
        defer { received.removeFirst(length) }
        return String(decoding: received[..<length], as: UTF8.self)
    }

    mutating func readJSON() async throws -> JSON {
        try await JSON(readBody())
    }

    /// The next line of a chunked body; nil at its end, orderly (`isComplete`) or not.
    mutating func readLine() async throws -> String? {
        while true {
            if let newline = body.firstIndex(of: UInt8(ascii: "\n")) {
                defer { body.removeSubrange(...newline) }
                return String(decoding: body[..<newline], as: UTF8.self)
            }
            if isComplete { return nil }
            do {
                try await readChunk()
            } catch is Ended {
                return nil
            }
        }
    }

    /// The next line of a stream, held against the published schema.
    mutating func readStreamLine() async throws -> String? {
        guard let line = try await readLine() else { return nil }
        let violations = StreamSchema.events.violations(in: Array((line + "\n").utf8))
        #expect(violations.isEmpty, "\(violations): \(line)")
        return line
    }

    /// The next line of a stream, decoded.
    mutating func readEvent() async throws -> JSON? {
        try await readStreamLine().map { try JSON($0) }
    }

    /// As `readEvent`, for many lines: the place of the next event, other lines left out; nil at the end.
    mutating func readSeq() async throws -> Int64? {
        while let line = try await readStreamLine() {
            guard let range = line.firstRange(of: "\"seq\":") else { continue }
            return Int64(line[range.upperBound...].prefix { $0 != "," })
        }
        return nil
    }

    /// Everything up to the end of the connection.
    mutating func readRest() async -> String {
        await readToEnd()
        return String(decoding: received, as: UTF8.self)
    }

    /// Whether the other side closes its end now, after whatever it still sends.
    mutating func readToEnd() async {
        while (try? await more()) != nil {}
    }

    private mutating func readChunk() async throws {
        let newline = Array("\r\n".utf8)
        while true {
            if let range = received.firstRange(of: newline),
                let size = Int(String(decoding: received[..<range.lowerBound], as: UTF8.self), radix: 16),
                received.count >= range.upperBound + size + 2
            {
                body += received[range.upperBound..<(range.upperBound + size)]
                received.removeFirst(range.upperBound + size + 2)
                isComplete = size == 0
                return
            }
            try await more()
        }
    }
}

extension TestBridge {
    /// One request, one answer, on a connection of its own.
    func request(_ text: String) async throws -> (status: Int, json: JSON, client: TestClient) {
        var client = try await TestClient.connect(unix: socket)
        try await client.send(text)
        let status = try await client.readHead()
        let body = try await client.readBody()
        await client.close()
        return (status, body.isEmpty ? .null : try JSON(body), client)
    }

    func get(_ target: String) async throws -> (status: Int, json: JSON) {
        let answer = try await request("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
        return (answer.status, answer.json)
    }

    func post(_ body: String, headers: String = "") async throws -> (status: Int, json: JSON, client: TestClient) {
        try await request(
            "POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\(headers)"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }

    /// A stream whose head has been read.
    func stream(_ query: String = "", headers: String = "") async throws -> TestClient {
        var client = try await TestClient.connect(unix: socket)
        clients.withLock { $0.append(client.channel) }
        try await client.get("/v1/events\(query)", headers: headers)
        let status = try await client.readHead()
        guard status == 200 else { throw UnexpectedStatus(status: status) }
        return client
    }
}

struct UnexpectedStatus: Error { let status: Int }
