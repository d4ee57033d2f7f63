package import CallModel
import HostSupport
import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import ServiceLifecycle
import Synchronization

/// Takes what providers push, over TCP with or without TLS, and answers `200` only when it is durable.
///
/// Holds one thread of nobody: connections live on the event loop, requests in the cooperative pool. Running out of
/// descriptors is survived: `accept` is tried again a second later (NIO's `AcceptBackoffHandler`), and with the
/// connection limit below the descriptor limit it does not come to that.
package final class WebhookListener: Service {
    private enum State {
        case new
        /// Listening, and nobody accepts.
        case bound(BoundSocket)
        case starting(BoundSocket)
        case serving(any Channel)
        case over
    }

    private let settings: WebhookSettings
    private let responder: WebhookResponder
    private let connections = OpenConnections()
    private let group: any EventLoopGroup
    private let logger: Logger
    private let state = Mutex<State>(.new)
    private let tls: CurrentTLS

    /// - Parameters:
    ///   - trustedProxies: whose `X-Forwarded-For` is believed.
    ///   - clock: gives `Delivery.observed`, and the time by which strangers are slowed down.
    /// - Throws: where the certificate or key cannot be used.
    package init(
        settings: WebhookSettings, routes: [WebhookRoute], trustedProxies: [AddressRange] = [],
        sink: any DeliverySink, clock: @escaping @Sendable () -> Timestamp,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger = Logger(label: "webhooks")
    ) throws(WebhookListenerError) {
        self.settings = settings
        self.group = group
        self.logger = logger
        responder = WebhookResponder(
            rules: .init(table: WebhookTable(routes), trustedProxies: trustedProxies), sink: sink, clock: clock,
            maximumQueryBytes: settings.limits.queryBytes, logger: logger)
        tls = CurrentTLS(try settings.tls.map { (files) throws(WebhookListenerError) in try WebhookTLS.context(files) })
    }

    /// Puts new routes and proxies in force, for requests whose head arrives from now on.
    package func replace(routes: [WebhookRoute], trustedProxies: [AddressRange]) {
        responder.replace(.init(table: WebhookTable(routes), trustedProxies: trustedProxies))
    }

    /// Reads certificate and key again, for connections made from now on. After a failure the old ones stay.
    package func reloadCertificate() throws(WebhookListenerError) {
        guard let files = settings.tls else { return }
        let context = try WebhookTLS.context(files)
        tls.context.withLock { $0 = context }
    }

    /// The TCP port, once bound.
    package var boundPort: Int? {
        state.withLock { state in
            switch state {
            case .bound(let socket), .starting(let socket): TCPEndpoint(descriptor: socket.descriptor)?.port
            case .serving(let channel): channel.localAddress?.port
            case .new, .over: nil
            }
        }
    }

    /// Starts listening, apart from `start`, so that a daemon can say early that it cannot. Connections wait until
    /// then.
    package func bind() throws(WebhookListenerError) {
        guard state.withLock({ if case .new = $0 { true } else { false } }) else { throw .alreadyUsed }
        let socket = try WebhookSocket.open(settings)
        let isLate = state.withLock { state in
            guard case .new = state else { return true }
            state = .bound(socket)
            return false
        }
        guard !isLate else {
            socket.closeUnserved()
            throw .alreadyUsed
        }
    }

    /// Answers requests from now on: to be called when the routes are known, for a push that gets a `404` is not
    /// repeated. Binds first, unless `bind` was called; does nothing where it serves already.
    package func start() async throws(WebhookListenerError) {
        if state.withLock({ if case .new = $0 { true } else { false } }) { try bind() }
        let taken: BoundSocket? = try state.withLock { state throws(WebhookListenerError) in
            switch state {
            case .bound(let socket):
                state = .starting(socket)
                return socket
            case .serving: return nil
            case .new, .starting, .over: throw .alreadyUsed
            }
        }
        guard let socket = taken else { return }
        let channel: any Channel
        do {
            channel = try await bootstrap().withBoundSocket(socket.descriptor).get()
        } catch {
            // This descriptor is the event loop's, which has closed it.
            state.withLock { $0 = .over }
            throw .other(address: socket.name, reason: "\(error)")
        }
        let isLate = state.withLock { state in
            guard case .starting = state else { return true }
            state = .serving(channel)
            return false
        }
        guard !isLate else {
            channel.close(promise: nil)
            throw .alreadyUsed
        }
        logger.notice(
            "listening for webhooks",
            metadata: ["address": "\(socket.name)", "tls": "\(settings.tls != nil)"])
    }

    /// Serves until the graceful shutdown, then lets requests in progress end; starts first where that was not done.
    package func run() async throws {
        try await start()
        guard case .serving(let channel) = state.withLock({ $0 }) else { throw WebhookListenerError.alreadyUsed }
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                try? await channel.closeFuture.get()
                await connections.waitUntilNone()
            } onGracefulShutdown: {
                channel.close(promise: nil)
                self.quiesce()
            }
        } onCancel: {
            channel.close(promise: nil)
            closeConnections()
        }
        state.withLock { $0 = .over }
    }

    /// Stops a listener that was bound but will not run.
    package func close() {
        Self.letGo(
            state.withLock { state in
                defer { state = .over }
                return state
            })
        closeConnections()
    }

    private static func letGo(_ state: State) {
        switch state {
        case .bound(let socket): socket.closeUnserved()
        case .serving(let channel): channel.close(promise: nil)
        case .new, .starting, .over: break
        }
    }

    /// Idle connections close now, busy ones after their reply, and every one after the budget: a client that does not
    /// finish its body must not cost the readers of the stream, which end after us, their farewell.
    private func quiesce() {
        for channel in connections.stop().channels {
            channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            let budget = TimeAmount.milliseconds(settings.limits.stop.milliseconds)
            let forced = channel.eventLoop.scheduleTask(in: budget) { channel.close(promise: nil) }
            channel.closeFuture.whenComplete { _ in forced.cancel() }
        }
    }

    /// All close now, whatever they are doing.
    private func closeConnections() {
        for channel in connections.stop().channels { channel.close(promise: nil) }
    }

    deinit {
        Self.letGo(state.withLock { $0 })
    }

    // MARK: - Connections

    private func bootstrap() -> ServerBootstrap {
        let limits = settings.limits
        let setup = ConnectionSetup(limits: limits, responder: responder, connections: connections, logger: logger)
        return ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // Without it, accept is tried again at once where no descriptor is left.
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptBackoffHandler(shouldForwardIOErrorCaught: false))
                    try channel.pipeline.syncOperations.addHandler(
                        AvailableConnectionsChannelHandler(
                            delegate: MaximumAvailableConnections(limits.connections)))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelInitializer { [tls] channel in
                setup.serve(channel, tls: tls.context.withLock { $0 })
            }
    }
}

/// Apart from the listener, so that a connection accepted while that goes away still gets TLS and not plain HTTP.
private final class CurrentTLS: Sendable {
    let context: Mutex<NIOSSLContext?>

    init(_ context: NIOSSLContext?) {
        self.context = Mutex(context)
    }
}
