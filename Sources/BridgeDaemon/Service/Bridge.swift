package import BridgeConfiguration
import CallModel
import ControlAPI
import CurlTransport
import EventJournal
import Fanout
import HostSupport
import Intake
package import Logging
import NIOCore
import NIOPosix
import Providers
package import ServiceLifecycle
import Synchronization
package import SystemdSupport

/// All parts of the running daemon, put together in the order in which each needs the other.
package final class Bridge: Sendable {
    let options: DaemonOptions
    let providers: ProviderCatalog
    private let inherited: InheritedSockets
    private let logger: Logger
    private let eventLoops: MultiThreadedEventLoopGroup
    private let client: CurlClient
    private let journal: EventJournal
    private let hub: StreamHub
    let pipeline: Pipeline
    private let sink: MeteredSink
    private let supervisor: SourceSupervisor
    private let eventSockets: EventSocketService
    private let webhooks: WebhookListener?
    private let api: APIService
    private let stdout: StdoutService?
    private let configuration: Mutex<Configuration>

    /// Opens the journal and builds every part; nothing listens or polls yet.
    ///
    /// - Parameter providers: those the configuration was read with.
    package init(
        options: DaemonOptions, configuration: Configuration, providers: ProviderCatalog, inherited: InheritedSockets,
        logger: Logger
    ) throws(StartFailure) {
        self.options = options
        self.providers = providers
        self.inherited = inherited
        self.logger = logger
        self.configuration = Mutex(configuration)
        eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        client = CurlClient(name: "ctibridged")
        let now = WallClock.now()
        let alive: Timestamp?
        let processor: BatchProcessor
        do throws(JournalError) {
            let journal = try EventJournal(path: "\(options.stateDirectory)/journal.sqlite", now: now)
            self.journal = journal
            alive = try BatchProcessor.daemonState(in: journal)?.alive
            processor = try BatchProcessor(
                journal: journal, limits: configuration.model, now: now, logger: logger)
        } catch {
            throw StartFailure(exitCode: ExitCode.journal, message: error.description)
        }
        let journal = self.journal
        hub = StreamHub(
            epoch: journal.epoch, head: journal.head, oldest: { journal.oldest },
            liveCalls: processor.liveCalls.map { ($0.id, $0.source, $0.data()) })
        let metrics = Metrics()
        let latency = metrics.deliveryToDurable
        pipeline = Pipeline(
            journal: journal, hub: hub, board: CallBoard(processor.openCalls),
            retention: RetentionLimits(configuration.journal), logger: logger,
            observeLatency: { latency.observe(milliseconds: Int64($0 / .milliseconds(1))) })
        sink = MeteredSink(pipeline)
        supervisor = SourceSupervisor(
            providers: providers, journal: journal, pipeline: pipeline,
            surroundings: Surroundings(
                client: client, sink: pipeline, now: { WallClock.now() }, ticks: { MonotonicClock.now() },
                logger: logger),
            lastAlive: alive, logger: logger)
        sink.count(for: supervisor)
        pipeline.whenOutageEnds { [supervisor] from, to in
            Task { await supervisor.journalWasUnavailable(from: from, to: to) }
        }
        eventSockets = EventSocketService(
            hub: hub, sockets: Self.sockets(configuration, options, inherited), version: ctibridgeVersion,
            eventLoop: eventLoops.next(), logger: logger)
        webhooks = try Self.webhooks(configuration, inherited, sink, eventLoops, logger)
        stdout =
            Self.writesStdout(configuration, options)
            ? StdoutService(hub: hub, version: ctibridgeVersion, logger: logger) : nil
        let desk = CallDesk(journal: journal, board: pipeline.board, supervisor: supervisor, logger: logger)
        let pipeline = pipeline
        api = APIService(
            Self.apiListeners(configuration, options, inherited), tokens: Self.tokens(configuration),
            backend: APIBackend(
                journal: journal, hub: hub, calls: desk, orders: desk, sources: supervisor, metrics: metrics,
                version: ctibridgeVersion,
                readiness: {
                    pipeline.failure.map { .notReady("the journal cannot be written: \($0.kind.rawValue)") } ?? .ready
                }),
            group: eventLoops, logger: logger)
        BridgeMetrics.install(in: metrics, pipeline: pipeline, hub: hub, supervisor: supervisor)
        guard pipeline.start(processor) else {
            throw StartFailure(
                exitCode: ExitCode.internal, message: "no thread for the journal; raise the limit on processes")
        }
    }

    // MARK: - Starting

    /// Binds every listener and starts the sources.
    package func start() async throws(StartFailure) {
        do {
            try await eventSockets.bind()
            try api.bind()
            try await webhooks?.bind()
        } catch {
            throw StartFailure(exitCode: ExitCode.cannotListen, message: "\(error)")
        }
        try await applySources(configuration.withLock { $0 })
        await tellUnansweredPlacements()
    }

    /// A call that was asked for when the last run ended may be ringing. It is not asked for again, but told.
    private func tellUnansweredPlacements() async {
        for (call, source) in (try? journal.unansweredPlacements()) ?? [] where supervisor.source(source) != nil {
            let result = PlacementResult.unknown("the daemon ended before the provider answered")
            let delivery = PlacementReports.delivery(
                result, call: call, to: nil, from: nil, body: [], source: source, observed: WallClock.now())
            _ = try? await pipeline.submit(delivery, cursor: nil)
        }
    }

    /// Everything that runs until the end, in the order of their dependence: the last one stops first.
    package func services(notifier: ServiceNotifier) -> [any Service] {
        var services: [any Service] = [
            ReaderServices(services: [eventSockets, api] + (stdout.map { [$0] } ?? [])),
            PipelineService(pipeline: pipeline), supervisor,
        ]
        if let webhooks { services.append(webhooks) }
        services.append(ReloadService(bridge: self, notifier: notifier, logger: logger))
        if let interval = ServiceNotifier.watchdogInterval() {
            services.append(
                WatchdogService(pipeline: pipeline, notifier: notifier, interval: interval, logger: logger))
        }
        return services
    }

    /// The TCP port on which providers reach us, once bound.
    package var webhookPort: Int? { webhooks?.boundPort }

    var status: String {
        let sources = supervisor.sources()
        let down = sources.filter { $0.state == .down }.count
        return "\(sources.count) sources\(down > 0 ? ", \(down) down" : ""), \(pipeline.board.count) calls"
    }

    /// Ends what no service owns.
    package func close() async {
        await pipeline.stop()
        client.shutdown()
        journal.close()
        try? await eventLoops.shutdownGracefully()
    }

    // MARK: - Configuration

    /// Applies what a reload can: sources, tokens, allow-lists, sockets. What needs a restart is said.
    func apply(_ newer: Configuration) async throws(StartFailure) {
        let older = configuration.withLock { $0 }
        warnOfRestart(older, newer)
        do {
            try await eventSockets.apply(Self.sockets(newer, options, inherited))
        } catch {
            throw StartFailure(exitCode: ExitCode.cannotListen, message: "\(error)")
        }
        api.replaceTokens(Self.tokens(newer))
        pipeline.use(RetentionLimits(newer.journal))
        try await applySources(newer)
        if newer.webhooks?.tls != nil, newer.webhooks?.tls == older.webhooks?.tls {
            do {
                try webhooks?.reloadCertificate()
            } catch {
                logger.error("certificate not reloaded, the old one stays", metadata: ["error": "\(error)"])
            }
        }
        configuration.withLock { $0 = newer }
    }

    private func applySources(_ configuration: Configuration) async throws(StartFailure) {
        do {
            try await supervisor.apply(configuration.sources)
        } catch {
            throw StartFailure(exitCode: ExitCode.journal, message: error.description)
        }
        webhooks?.replace(
            routes: supervisor.routes, trustedProxies: configuration.webhooks?.trustedProxies.map(\.range) ?? [])
        if webhooks == nil, !supervisor.routes.isEmpty {
            logger.error("a source is pushed to and nothing listens: restart to open the webhook listener")
        }
    }

    private func warnOfRestart(_ older: Configuration, _ newer: Configuration) {
        var keys: [String] = []
        if older.webhooks?.listen != newer.webhooks?.listen { keys.append("webhooks.listen") }
        if older.webhooks?.tls != newer.webhooks?.tls { keys.append("webhooks.tls") }
        if older.api.socket != newer.api.socket { keys.append("api.socket") }
        if older.api.http?.listen != newer.api.http?.listen { keys.append("api.http.listen") }
        if older.model != newer.model { keys.append("model") }
        if older.stdout != newer.stdout { keys.append("stdout") }
        guard !keys.isEmpty else { return }
        logger.warning("changed, takes effect at a restart", metadata: ["keys": "\(keys.joined(separator: ", "))"])
    }
}
