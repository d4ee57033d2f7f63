import CallModel
import HostSupport
package import Logging
package import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The event sockets: accepts readers, serves each from the hub, says farewell at the end.
///
/// All on one event loop, which a publication wakes once, however many lines it brought and however many read.
package final class EventSocketService: Service, Sendable {
    private struct State {
        var wanted: [EventSocket]
        var listeners: [EventSocket.Place: EventListener] = [:]
        var observation: Int?
    }

    private let hub: StreamHub
    private let eventLoop: any EventLoop
    private let version: String
    private let limits: EventSocketLimits
    private let logger: Logger
    private let roster: NIOLoopBoundBox<SubscriberRoster>
    private let state: Mutex<State>
    private let isWoken = Atomic(false)

    /// - Parameters:
    ///   - version: of the program, for `stream.hello`.
    ///   - eventLoop: must outlive the service.
    package init(
        hub: StreamHub, sockets: [EventSocket], version: String, eventLoop: any EventLoop,
        limits: EventSocketLimits = EventSocketLimits(), logger: Logger
    ) {
        self.hub = hub
        self.version = version
        self.eventLoop = eventLoop
        self.limits = limits
        self.logger = logger
        roster = NIOLoopBoundBox.makeBoxSendingValue(SubscriberRoster(), eventLoop: eventLoop)
        state = Mutex(State(wanted: sockets))
    }

    /// Opens the configured sockets. Apart from `run` so that the daemon can say that it is ready, or why it is not.
    package func bind() async throws(EventSocketError) {
        try await apply(state.withLock { $0.wanted })
        state.withLock { state in
            guard state.observation == nil else { return }
            state.observation = hub.observe { [weak self] in self?.wake() }
        }
    }

    /// Serves until the graceful shutdown, binding first where that is not done yet.
    package func run() async throws {
        if state.withLock({ $0.observation == nil }) { try await bind() }
        do {
            try await gracefulShutdown()
        } catch {
            // Cancelled: readers get their farewell all the same.
        }
        await stop()
    }

    /// Makes `sockets` the ones that are served. Where that fails, what was served before still is.
    ///
    /// Readers stay, unless their socket is gone or shows numbers in another way than they were told. Not to be called
    /// while another call is under way.
    package func apply(_ sockets: [EventSocket]) async throws(EventSocketError) {
        var places: Set<EventSocket.Place> = []
        for socket in sockets where !places.insert(socket.place).inserted {
            throw .configuredTwice(socket.place.description)
        }
        let current = state.withLock { $0.listeners }
        for socket in sockets { hub.require(socket.numbers) }

        var opened: [EventSocket.Place: EventListener] = [:]
        var changed: [SocketPermission] = []
        do throws(EventSocketError) {
            for socket in sockets where current[socket.place] == nil { opened[socket.place] = try await open(socket) }
            for socket in sockets {
                guard let listener = current[socket.place], listener.settings.socket != socket else { continue }
                if let before = try permit(socket) { changed.append(before) }
            }
        } catch {
            for before in changed { before.restore() }
            for listener in opened.values { await close(listener) }
            throw error
        }

        for socket in sockets { current[socket.place]?.settings.change(to: socket) }
        let kept = current.filter { places.contains($0.key) }
        for (place, listener) in current where !places.contains(place) { await close(listener) }
        let served = kept.merging(opened) { old, _ in old }
        state.withLock { state in
            state.wanted = sockets
            state.listeners = served
        }
        await dismissReadersNotServed(by: Array(served.values))
    }

    private func dismissReadersNotServed(by listeners: [EventListener]) async {
        let numbers = Dictionary(
            listeners.map { ($0.socket.name, $0.settings.socket.numbers) }, uniquingKeysWith: { first, _ in first }
        )
        await onLoop { roster in
            roster.dismiss(.reconfigured, closeBy: nil) { numbers[$0.socket] != $0.numbers }
        }
    }

    /// Accepts no more readers, says farewell to those there are, and returns when all are gone: at the latest when
    /// the shutdown grace is over. Does nothing the second time.
    package func stop() async {
        let (listeners, observation) = state.withLock { state in
            defer {
                state.listeners = [:]
                state.observation = nil
            }
            return (state.listeners.values, state.observation)
        }
        if let observation { hub.stopObserving(observation) }
        for listener in listeners { await close(listener) }
        let (roster, eventLoop, grace) = (roster, eventLoop, limits.shutdownGrace)
        let gone = eventLoop.flatSubmit {
            roster.value.stop(closeBy: MonotonicClock.now().advanced(by: grace), on: eventLoop)
        }
        try? await gone.get()
        if observation != nil { logger.notice("event sockets closed") }
    }

    /// Gives the file of a socket that is open already the mode and group it is to have now; those it had.
    private func permit(_ socket: EventSocket) throws(EventSocketError) -> SocketPermission? {
        guard case .path(let path, let mode, let group) = socket.origin else { return nil }
        do throws(SocketError) {
            return try BoundSocket.permit(path: path, mode: mode, group: group)
        } catch {
            throw .socket(error)
        }
    }

    private func bound(_ socket: EventSocket) throws(EventSocketError) -> BoundSocket {
        do throws(SocketError) {
            switch socket.origin {
            case .path(let path, let mode, let group):
                return try BoundSocket.unix(path: path, mode: mode, group: group)
            case .inherited(let descriptor): return try BoundSocket.adopt(descriptor, families: [.unix])
            }
        } catch {
            throw .socket(error)
        }
    }

    private func open(_ socket: EventSocket) async throws(EventSocketError) -> EventListener {
        let bound = try bound(socket)
        let configured = EventListenerSettings(socket)
        do {
            let channel = try await bootstrap(name: bound.name, settings: configured)
                .withBoundSocket(bound.descriptor).get()
            logger.notice(
                "event socket open", metadata: ["socket": "\(bound.name)", "numbers": "\(socket.numbers.rawValue)"]
            )
            channel.closeFuture.whenComplete { [logger] _ in
                logger.info("event socket accepts no more readers", metadata: ["socket": "\(bound.name)"])
            }
            return EventListener(socket: bound, channel: channel, settings: configured)
        } catch {
            bound.removeFile()
            let code = (error as? IOError)?.errnoCode ?? 0
            throw .socket(.system(operation: "listen", name: bound.name, code: code))
        }
    }

    private func close(_ listener: EventListener) async {
        listener.socket.removeFile()
        try? await listener.channel.close().get()
    }

    private func bootstrap(name: String, settings: EventListenerSettings) -> ServerBootstrap {
        ServerBootstrap(group: eventLoop, childGroup: eventLoop)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // With no descriptor left, `accept` is tried again after a second, not all the time.
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptBackoffHandler(shouldForwardIOErrorCaught: false))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4_096))
            .childChannelOption(
                .writeBufferWaterMark, value: .init(low: limits.pendingBytes / 2, high: limits.pendingBytes)
            )
            .childChannelInitializer { [self] channel in
                PeerCredentials.ofPeer(on: channel).map { peer in
                    self.admit(channel, socket: name, numbers: settings.socket.numbers, peer: peer)
                }
            }
    }

    /// On the event loop.
    private func admit(
        _ channel: any Channel, socket: String, numbers: EventEncoder.Numbers, peer: PeerCredentials?
    ) {
        let roster = roster.value
        guard !roster.isStopping, roster.count < limits.readers || roster.makeRoom() else {
            let id = hub.subscribers.nextID()
            var greeting = StreamGreeting(epoch: hub.epoch, subscriber: id, version: version, numbers: numbers)
            let reason: ByeReason = roster.isStopping ? .shutdown : .tooMany
            let line = greeting.bye(reason, seq: nil, now: WallClock.now())
            logger.warning("reader refused", metadata: ["socket": "\(socket)", "reason": "\(reason.rawValue)"])
            try? channel.pipeline.syncOperations.addHandler(RefusalHandler(line))
            return
        }
        let handler = SubscriberHandler(
            hub: hub, socket: socket, numbers: numbers, peer: peer, version: version, limits: limits, roster: roster,
            logger: logger
        )
        do {
            try channel.pipeline.syncOperations.addHandler(handler)
        } catch {
            // Gone already.
            handler.forgo()
        }
    }

    /// On the journal thread: at most one task waits on the loop at any time.
    private func wake() {
        guard !isWoken.exchange(true, ordering: .acquiringAndReleasing) else { return }
        eventLoop.execute { [self] in
            isWoken.store(false, ordering: .releasing)
            roster.value.pump()
        }
    }

    private func onLoop(_ body: @escaping @Sendable (SubscriberRoster) -> Void) async {
        let roster = roster
        try? await eventLoop.submit { body(roster.value) }.get()
    }
}
