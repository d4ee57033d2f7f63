package import CallModel
import NIOCore
package import NIOHTTP1
import NIOPosix

/// Talks HTTP/1.1 to the daemon, one connection a request: a command makes one or two, and a stream needs its own.
package struct APIClient: Sendable {
    /// A longer answer, other than a stream, is an error.
    package static let maximumReplyBytes = 64 << 20
    /// Connecting to a local socket takes no time unless the daemon's backlog is full.
    private static let connectTimeout = TimeAmount.seconds(5)

    package let endpoint: Endpoint

    package init(endpoint: Endpoint) {
        self.endpoint = endpoint
    }

    /// How long the daemon may say nothing where it has to ask a provider, or to think, first.
    package static let patience = Span.seconds(60)

    /// The whole reply to `request`, which must be a success; anything else is thrown as `refused` or `busy`.
    ///
    /// - Parameter silence: How long the daemon may say nothing.
    package func reply(to request: APIRequest, silence: Span = .seconds(10)) async throws(ClientFailure) -> [UInt8] {
        try await exchange(request, silence: silence) { head, body in
            try await Self.requireSuccess(head, &body)
            return try await body.collect(upTo: Self.maximumReplyBytes)
        }
    }

    /// Sends `request` and lets `read` have the reply while it arrives. The connection is closed when `read` returns.
    package func exchange<Result: Sendable>(
        _ request: APIRequest, silence: Span,
        _ read: (HTTPResponseHead, inout APIBody) async throws -> Result
    ) async throws(ClientFailure) -> Result {
        let connection: NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>
        do {
            connection = try await connect(silence: silence)
        } catch {
            throw endpoint.unreachable(because: error)
        }
        do {
            return try await connection.executeThenClose { inbound, outbound in
                try await outbound.write(contentsOf: parts(of: request))
                var body = APIBody(inbound.makeAsyncIterator())
                let head = try await body.head()
                return try await read(head, &body)
            }
        } catch let failure as ClientFailure {
            throw endpoint.explain(failure)
        } catch is HTTPParserError {
            throw .interrupted("the connection to the daemon broke in the middle of its answer")
        } catch {
            throw .interrupted("the connection to the daemon broke before its answer was complete")
        }
    }

    /// Throws the problem that a reply without success is about.
    package static func requireSuccess(_ head: HTTPResponseHead, _ body: inout APIBody) async throws(ClientFailure) {
        let status = Int(head.status.code)
        if (200..<300).contains(status) { return }
        let bytes = try await body.collect(upTo: 1 << 20)
        let problem = Problem(status: status, reason: head.status.reasonPhrase, body: bytes)
        throw status == 429 || status == 503 ? .busy(problem) : .refused(problem)
    }

    private func parts(of request: APIRequest) -> [HTTPClientRequestPart] {
        var headers = HTTPHeaders([
            ("Host", endpoint.host), ("User-Agent", "ctibridge/\(ctibridgeVersion)"), ("Connection", "close"),
            ("Accept", "application/x-ndjson, application/json, application/problem+json"),
        ])
        if let token = endpoint.token { headers.add(name: "Authorization", value: "Bearer \(token.exposed)") }
        if let key = request.idempotencyKey { headers.add(name: "Idempotency-Key", value: key) }
        if !request.body.isEmpty {
            headers.add(name: "Content-Type", value: "application/json")
            headers.add(name: "Content-Length", value: String(request.body.count))
        }
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method.rawValue), uri: request.target,
            headers: headers)
        guard !request.body.isEmpty else { return [.head(head), .end(nil)] }
        return [.head(head), .body(.byteBuffer(ByteBuffer(bytes: request.body))), .end(nil)]
    }

    private func connect(
        silence: Span
    ) async throws -> NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart> {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(Self.connectTimeout)
        let prepare:
            @Sendable (any Channel) -> EventLoopFuture<
                NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>
            > = { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(OtherProtocolHandler(endpoint: endpoint))
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandlers([SilenceHandler(limit: silence), BodyGatheringHandler()])
                    return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                }
            }
        switch endpoint.address {
        case .socket(let path):
            return try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: prepare)
        case .tcp(let host, let port):
            return try await bootstrap.connect(host: host, port: port, channelInitializer: prepare)
        }
    }
}
