import CallModel
import Fanout
import HTTPTypes
import HostSupport
import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOPosix
import ServiceLifecycle
import Synchronization

/// Serves the HTTP API on its sockets.
///
/// Hummingbird's HTTP/1.1 channel over our own listeners: they may be inherited, and a Unix socket needs its mode and
/// group before anybody can connect.
package final class APIService: Service {
    private struct Server {
        let socket: BoundSocket
        let channel: any Channel
    }

    private struct State {
        /// Listening, and nobody accepts.
        var bound: [BoundSocket] = []
        var servers: [Server] = []
        var hasBound = false
        var hasStarted = false
        var isStopping = false
    }

    private let listeners: [APIListener]
    private let limits: APILimits
    private let group: any EventLoopGroup
    private let logger: Logger
    private let tokens: TokenTable
    private let streams: StreamTable
    private let connections = OpenConnections()
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

    /// Binds every listener, or none: what is taken is known before anything else happens. Connections wait until
    /// `start`.
    package func bind() throws(APIListenError) {
        var sockets: [BoundSocket] = []
        do throws(APIListenError) {
            for listener in listeners { sockets.append(try listener.open()) }
        } catch {
            sockets.forEach { $0.closeUnserved() }
            throw error
        }
        state.withLock { state in
            state.bound = sockets
            state.hasBound = true
        }
    }

    /// Answers requests from now on, on every listener. Apart from `run` so that the daemon says that it is ready when
    /// it is. Binds first, unless `bind` was called; does nothing the second time.
    package func start() async throws(APIListenError) {
        guard state.withLock({ !$0.hasStarted && !$0.isStopping }) else { return }
        if state.withLock({ !$0.hasBound }) { try bind() }
        let sockets = state.withLock { state in
            state.hasStarted = true
            return state.bound.takeAll()
        }
        responder.reads.start()
        for (index, socket) in sockets.enumerated() {
            do {
                let server = Server(socket: socket, channel: try await accept(socket))
                let isStopping = state.withLock { state in
                    if !state.isStopping { state.servers.append(server) }
                    return state.isStopping
                }
                if isStopping { Self.close(server) }
                logger.notice("serving the API", metadata: ["socket": "\(socket.name)"])
            } catch {
                // This descriptor is the event loop's, which has closed it.
                socket.removeFile()
                sockets[(index + 1)...].forEach { $0.closeUnserved() }
                stop()
                let code = (error as? IOError)?.errnoCode ?? 0
                throw .socket(.system(operation: "accept", name: socket.name, code: code))
            }
        }
    }

    /// Serves until stopped. Starts first, unless `start` was called.
    package func run() async throws {
        try await start()
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                for server in state.withLock({ $0.servers }) { try? await server.channel.closeFuture.get() }
                await connections.waitUntilNone()
            } onGracefulShutdown: {
                self.stop()
            }
        } onCancel: {
            stop()
        }
        await responder.reads.stop()
    }

    /// Accepts nothing more, sends every reader away with `stream.bye` and closes; `run` returns within the budget.
    /// Lets go of what was bound and never served, too.
    package func stop() {
        let (bound, servers) = state.withLock { state in
            state.isStopping = true
            return (state.bound.takeAll(), state.servers)
        }
        bound.forEach { $0.closeUnserved() }
        servers.forEach(Self.close)
        let talking = streams.endAll()
        let open = connections.stop()
        if open.isFirst { close(open.channels, except: talking) }
    }

    /// Idle connections close now, those that answer a request when they have, and every one after the budget.
    /// - Parameter talking: those that end by themselves, after a farewell.
    private func close(_ channels: [any Channel], except talking: Set<ObjectIdentifier>) {
        for channel in channels {
            if !talking.contains(ObjectIdentifier(channel)) {
                channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            }
            let forced = channel.eventLoop.scheduleTask(in: limits.stopBudget) { channel.close(promise: nil) }
            channel.closeFuture.whenComplete { _ in forced.cancel() }
        }
    }

    private static func close(_ server: Server) {
        server.socket.removeFile()
        server.channel.close(promise: nil)
    }

    /// Puts other tokens in force. Streams opened with one that is gone, or allows less, are ended.
    package func replaceTokens(_ tokens: [APIToken]) {
        let revoked = self.tokens.replace(tokens)
        if !revoked.isEmpty { streams.end(tokens: revoked) }
    }

    /// The ports of the listeners over TCP, once they are served: for those that asked for any.
    package var ports: [Int] {
        state.withLock { $0.servers.compactMap { $0.channel.localAddress?.port } }
    }

    // MARK: - One listener

    private func accept(_ socket: BoundSocket) async throws -> any Channel {
        let (limits, logger, connections) = (limits, logger, connections)
        let http = http(for: socket)
        return try await ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let cap = AvailableConnectionsChannelHandler<MaximumAvailableConnections>(
                        maxConnections: limits.maximumConnections
                    )
                    // With no descriptor left, `accept` is tried again after a second, not all the time.
                    let backoff = AcceptBackoffHandler(shouldForwardIOErrorCaught: false)
                    try channel.pipeline.syncOperations.addHandlers([cap, backoff])
                }
            }
            // A client may close its sending side after its request and still read the answer: `nc -N` does.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        StalledWriteHandler(patience: limits.stallTimeout, logger: logger)
                    )
                }.flatMap { http.setup(channel: channel, logger: logger) }.flatMapThrowing { value in
                    connections.opened(channel)
                    // Not a child of `run`: such a value must be handled or it ends the process, also before `run`
                    // and while that is ending. `connections` is what `run` waits for; their number is limited.
                    Task {
                        await http.handle(value: value, logger: logger)
                        connections.ended(channel)
                    }
                    let pipeline = channel.pipeline.syncOperations
                    let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
                    try pipeline.addHandler(FirstVersionHandler(), position: .after(decoder.handler))
                }
            }
            .withBoundSocket(socket.descriptor).get()
    }

    private func http(for socket: BoundSocket) -> HTTP1Channel {
        HTTP1Channel(
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
    }

    @concurrent private func respond(
        to request: Request, _ writer: consuming ResponseWriter, on channel: any Channel, _ socket: BoundSocket
    ) async throws {
        let way: Caller.Way = socket.family == .unix ? .unixSocket : .tcp
        let peer = way == .unixSocket ? try? await PeerCredentials.ofPeer(on: channel).get() : nil
        let caller = Caller(way: way, socket: socket.name, peer: peer)
        if responder.letsContinue(request, from: caller) {
            // A failure means that the client has gone, which reading the body will say as well.
            try? await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        let response = await responder.respond(to: request, from: caller, on: channel)
        try await writer.write(response: response.head, body: response.body)
        if response.headers[.connection] == "close" {
            try? await channel.triggerUserOutboundEvent(FinishConnection()).get()
        }
    }
}

extension Array {
    fileprivate mutating func takeAll() -> [Element] {
        defer { self = [] }
        return self
    }
}
