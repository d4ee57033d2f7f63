import CallModel
import Fanout
import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTPTypes
import NIOPosix
import ServiceLifecycle
import Synchronization

/// Serves the HTTP API on its sockets.
///
/// Hummingbird's HTTP/1.1 channel over our own listeners: they may be inherited, and a Unix socket needs its mode and
/// group before anybody can connect.
package final class APIService: Service {
    private struct State {
        var sockets: [ListeningSocket] = []
        var servers: [any Channel] = []
        var isStopping = false
    }

    private let listeners: [APIListener]
    private let limits: APILimits
    private let group: any EventLoopGroup
    private let logger: Logger
    private let tokens: TokenTable
    private let streams: StreamTable
    private let connections = ConnectionTable()
    private let responder: APIResponder
    private let state = Mutex(State())

    /// - Parameter tokens: for listeners over TCP.
    package init(
        _ listeners: [APIListener], tokens: [APIToken] = [], backend: APIBackend, limits: APILimits = APILimits(),
        group: any EventLoopGroup, logger: Logger
    ) {
        self.listeners = listeners
        self.limits = limits
        self.group = group
        self.logger = logger
        self.tokens = TokenTable(tokens)
        streams = StreamTable(maximum: limits.maximumStreams)
        responder = APIResponder(
            backend: backend, tokens: self.tokens, streams: streams,
            reads: JournalReads(backend.journal, logger: logger), limits: limits, logger: logger
        )
        backend.metrics.collect("ctibridge_api_streams", help: "Streams being read over the API.") {
            [streams] in [MetricSample(Double(streams.count))]
        }
    }

    /// Binds every listener, or none. Connections wait until `run`.
    package func bind() throws(APIListenError) {
        var sockets: [ListeningSocket] = []
        do throws(APIListenError) {
            for listener in listeners { sockets.append(try ListeningSocket.open(listener)) }
        } catch {
            sockets.forEach { $0.closeUnserved() }
            throw error
        }
        state.withLock { $0.sockets = sockets }
    }

    /// Lets go of what `bind` has bound, where `run` will not be called.
    package func unbind() {
        let sockets = state.withLock { state in
            defer { state.sockets = [] }
            return state.sockets
        }
        sockets.forEach { $0.closeUnserved() }
    }

    /// Serves until stopped. Binds first, unless `bind` was called.
    package func run() async throws {
        if state.withLock({ $0.sockets.isEmpty }) { try bind() }
        let sockets = state.withLock { state in
            defer { state.sockets = [] }
            return state.sockets
        }
        responder.reads.start()
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for socket in sockets { group.addTask { await self.serve(socket) } }
            }
        } onGracefulShutdown: {
            self.stop()
        }
        await responder.reads.stop()
    }

    /// Accepts nothing more, sends every reader away with `stream.bye` and closes; `run` returns within the budget.
    package func stop() {
        let servers = state.withLock { state in
            state.isStopping = true
            return state.servers
        }
        for server in servers { server.close(promise: nil) }
        let talking = streams.endAll()
        connections.closeAll(except: talking, budget: limits.stopBudget)
    }

    /// Puts other tokens in force. Streams opened with one that is gone, or allows less, are ended.
    package func replaceTokens(_ tokens: [APIToken]) {
        let revoked = self.tokens.replace(tokens)
        if !revoked.isEmpty { streams.end(tokens: revoked) }
    }

    /// The ports of the listeners over TCP, once they are served: for those that asked for any.
    package var ports: [Int] {
        state.withLock { $0.servers.compactMap { $0.localAddress?.port } }
    }

    // MARK: - One listener

    private func serve(_ socket: ListeningSocket) async {
        let http = HTTP1Channel(
            responder: { request, writer, channel in
                try await self.respond(to: request, writer, on: channel, socket)
            },
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [RequestGuardHandler(deadline: self.limits.requestDeadline)],
                idleTimeout: limits.idleTimeout,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: APILimits.maximumHeaderBytes, maxHeaderListSize: APILimits.maximumHeaderBytes,
                    maxHeaderFieldCount: 100
                )
            )
        )
        do {
            let server = try await listen(socket, http)
            let isStopping = state.withLock { state in
                state.servers.append(server.channel)
                return state.isStopping
            }
            if isStopping { server.channel.close(promise: nil) }
            logger.notice("API is served", metadata: ["socket": "\(socket.name)"])
            try await withThrowingDiscardingTaskGroup { group in
                try await server.executeThenClose { connections in
                    for try await connection in connections {
                        group.addTask { [logger] in await http.handle(value: connection, logger: logger) }
                    }
                }
            }
        } catch {
            let isStopping = state.withLock { $0.isStopping }
            if !isStopping {
                logger.error("API is no longer served", metadata: ["socket": "\(socket.name)", "error": "\(error)"])
            }
        }
        socket.file?.remove()
    }

    private func listen(
        _ socket: ListeningSocket, _ http: HTTP1Channel
    ) async throws -> NIOAsyncChannel<HTTP1Channel.Value, Never> {
        let (limits, logger, connections) = (limits, logger, connections)
        return try await ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let cap = AvailableConnectionsChannelHandler<MaximumAvailableConnections>(
                        maxConnections: limits.maximumConnections
                    )
                    try channel.pipeline.syncOperations.addHandler(cap)
                }
            }
            // A client may close its sending side after its request and still read the answer: `nc -N` does.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(socket.descriptor) { channel in
                connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        StalledWriteHandler(patience: limits.stallTimeout, logger: logger)
                    )
                }.flatMap { http.setup(channel: channel, logger: logger) }
            }
    }

    @concurrent private func respond(
        to request: Request, _ writer: consuming ResponseWriter, on channel: any Channel, _ socket: ListeningSocket
    ) async throws {
        let caller = Caller(
            way: socket.way, socket: socket.name,
            peer: socket.way == .unixSocket ? await Self.peer(of: channel) : nil
        )
        let response = await responder.respond(to: request, from: caller, on: channel)
        try await writer.write(response: response.head, body: response.body)
        if response.headers[.connection] == "close" {
            try? await channel.triggerUserOutboundEvent(FinishConnection()).get()
        }
    }

    /// Who has connected, as the kernel vouches for it.
    private static func peer(of channel: any Channel) async -> PeerCredentials? {
        guard let provider = channel as? any SocketOptionProvider else { return nil }
        // `struct ucred` is a GNU extension that Glibc's module map hides: three words, pid, uid and gid.
        let answer: EventLoopFuture<(UInt32, UInt32, UInt32)> = provider.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        )
        guard let (pid, uid, gid) = try? await answer.get() else { return nil }
        return PeerCredentials(uid: uid, gid: gid, pid: Int32(bitPattern: pid))
    }
}
