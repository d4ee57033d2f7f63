internal import Glibc
package import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// The other end of the provider protocols, on loopback.
///
/// Base addresses: `/ovh` (versions 1 and 2), `/voipgrid`, `/keyyo`, `/orange`; SFR DMC only sends; `/control` is for
/// tests. It is written from the providers' documents alone and knows nothing of the program it is polled by.
package final class Simulator: Sendable {
    private struct State {
        var server: (any Channel)?
        var open: [UInt64: Exchange] = [:]
    }

    let configuration: SimulatorConfiguration
    let logger: Logger
    let ovh: OVHBoard
    let voipgrid: VoIPGRIDDesk
    let subscriptions = VoIPGRIDSubscriptions()
    let keyyo: KeyyoDesk
    let orange: OrangeDesk
    let faults = FaultBook()
    let requests = RequestLog()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let state = Mutex(State())
    /// The run of lines that come one by one.
    private let loose = Mutex(ScenarioRun())

    package init(_ configuration: SimulatorConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        ovh = OVHBoard(configuration)
        voipgrid = VoIPGRIDDesk(configuration)
        keyyo = KeyyoDesk(configuration)
        orange = OrangeDesk(configuration)
    }

    /// Listens; returns the port.
    /// - Throws: `SimulatorError.cannotListen`.
    package func start() async throws -> Int {
        let listen = configuration.listen
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4_096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(
                        RequestHandler { request, channel, keepsAlive in
                            self.begin(request, channel, keepsAlive)
                        })
                }
            }
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        do {
            let server = try await bootstrap.bind(host: listen.host, port: listen.port).get()
            state.withLock { $0.server = server }
            return server.localAddress?.port ?? listen.port
        } catch let error as IOError {
            throw SimulatorError.cannotListen(
                address: listen.description,
                reason: error.errnoCode == EADDRINUSE ? "the port is taken" : "\(error)")
        } catch {
            throw SimulatorError.cannotListen(address: listen.description, reason: "\(error)")
        }
    }

    /// Closes everything at once; the simulator cannot be started again.
    package func stop() async {
        let server = state.withLock { $0.server }
        try? await server?.close()
        closeOpen(nil)
        try? await group.shutdownGracefully()
    }

    /// Every request received and every notification sent since the start or the last reset.
    package var log: LogSnapshot { requests.snapshot }

    /// Requests to the providers since the start or the last reset.
    package var requestCount: Int { requests.total }

    /// Forgets calls, sessions, faults and the log, and closes polls that wait.
    package func reset() {
        ovh.reset()
        voipgrid.reset()
        subscriptions.reset()
        keyyo.reset()
        orange.reset()
        faults.clear()
        requests.reset()
        loose.withLock { $0 = ScenarioRun() }
    }

    /// Does now what one line says. Labels are shared by all lines played so until the next reset.
    package func play(_ line: ScenarioLine) async {
        await perform(line.action, in: loose.withLock { $0 })
    }

    /// Reads and does one line; `at` is ignored.
    /// - Throws: `ScenarioErrors`.
    package func play(_ text: String) async throws {
        for line in try ScenarioReader.read(text, file: "line").lines { await play(line) }
    }

    /// Plays a scenario with its times divided by the speed, until its end or until the task is cancelled. Each run
    /// has fresh ids; a loop begins again right after the last line.
    package func play(_ scenario: Scenario, loop: Bool = false) async {
        repeat {
            let run = ScenarioRun()
            let start = ContinuousClock.now
            for line in scenario.lines {
                let due = start.advanced(by: .milliseconds(line.at) / configuration.speed)
                do { try await Task.sleep(until: due, clock: .continuous) } catch { return }
                await perform(line.action, in: run)
            }
            logger.info("scenario ended", metadata: ["event": "\(scenario.name)"])
            if loop {
                // A loop without any duration must not become a busy one.
                do { try await Task.sleep(until: start.advanced(by: .milliseconds(50))) } catch { return }
            }
        } while loop && !Task.isCancelled
    }

    /// For callers on the event loop.
    func playLoose(_ line: ScenarioLine) {
        carryOut(line.action, in: loose.withLock { $0 })
    }

    /// Acts on the event loop, between two requests: a request is either wholly before the action or wholly after it.
    private func perform(_ action: ScenarioAction, in run: ScenarioRun) async {
        try? await group.next().submit { self.carryOut(action, in: run) }.get()
    }

    /// Runs something later, its delay divided by the speed.
    func later(milliseconds: Int64, _ action: @escaping @Sendable () -> Void) {
        let delay = Duration.milliseconds(milliseconds) / configuration.speed
        _ = group.next().scheduleTask(in: .nanoseconds(delay.nanosecondCount), action)
    }

    /// Closes every connection of a provider, or of all, whose request is unanswered.
    func closeOpen(_ provider: ProviderName?) {
        let exchanges = state.withLock { Array($0.open.values) }
        for exchange in exchanges where provider == nil || exchange.route.provider == provider { exchange.end(.close) }
    }

    private func begin(_ request: Request, _ channel: any Channel, _ keepsAlive: Bool) -> Exchange {
        let exchange = Exchange(id: requests.nextID(), request: request, channel: channel, keepsAlive: keepsAlive) {
            [weak self] id, status in self?.ended(id, status)
        }
        state.withLock { $0.open[exchange.id] = exchange }
        requests.began(exchange, key: exchange.route.key ?? request.parameter("ACCOUNT"))
        receive(exchange)
        return exchange
    }

    private func ended(_ id: UInt64, _ status: Int?) {
        state.withLock { _ = $0.open.removeValue(forKey: id) }
        requests.ended(id, status: status)
    }
}
