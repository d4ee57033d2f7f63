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
package import UnixSignals

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
    private let desk: CallDesk
    private let eventSockets: EventSocketService
    private let webhooks: WebhookListener?
    private let api: APIService
    private let stdout: StdoutService?
    /// The configuration of the start: parts of it stay in force until a restart, whatever is reloaded meanwhile.
    private let started: Configuration
    /// Of the configuration in force, for raw deliveries that are shown.
    private let recordingSecrets: SharedScrubber
    private let isStopping: StopMark
    private let reloadRemark = Mutex<String?>(nil)

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
        started = configuration
        recordingSecrets = SharedScrubber(SecretScrubber(secrets: configuration.secrets))
        eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        client = CurlClient(name: "ctibridged")
        let opened = try OpenedJournal(options, configuration.model, logger)
        let journal = opened.journal
        self.journal = journal
        let processor = opened.processor
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
        let isStopping = StopMark()
        self.isStopping = isStopping
        let obstacle: @Sendable () -> CallControlError.Obstacle? = { [pipeline] in
            isStopping.isSet ? .stopping : pipeline.trouble != nil ? .journal : nil
        }
        let work = JournalWork(journal, writes: pipeline.writes)
        supervisor = SourceSupervisor(
            providers: providers, journal: work, pipeline: pipeline,
            surroundings: Surroundings(
                client: client, sink: pipeline, now: { WallClock.now() }, ticks: { MonotonicClock.now() },
                mayOrder: { obstacle() == nil }, logger: logger),
            lastAlive: opened.lastAlive, logger: logger)
        sink.count(for: supervisor)
        Self.warnOfUnserved(inherited, configuration, logger)
        eventSockets = EventSocketService(
            hub: hub, sockets: Self.sockets(configuration, options, inherited, logger), version: ctibridgeVersion,
            eventLoop: eventLoops.next(), logger: logger)
        webhooks = try Self.webhooks(configuration, inherited, sink, eventLoops, logger)
        stdout =
            Self.writesStdout(configuration, options)
            ? StdoutService(hub: hub, version: ctibridgeVersion, logger: logger) : nil
        desk = CallDesk(
            journal: work, pipeline: pipeline, supervisor: supervisor, obstacle: obstacle,
            logger: logger)
        let backend = APIBackend(
            journal: journal, hub: hub, calls: desk, orders: desk, sources: supervisor, metrics: metrics,
            version: ctibridgeVersion, readiness: Self.readiness(pipeline, isStopping),
            numberPlans: { [supervisor] in supervisor.numberPlans },
            recording: Self.recording(configuration.model, supervisor, recordingSecrets))
        api = APIService(
            Self.apiListeners(configuration, options, inherited), tokens: Self.tokens(configuration),
            backend: backend, group: eventLoops, logger: logger)
        BridgeMetrics.install(in: metrics, pipeline: pipeline, hub: hub, supervisor: supervisor)
        guard pipeline.start(processor) else {
            throw StartFailure(
                exitCode: ExitCode.internal, message: "no thread for the journal; raise the limit on processes")
        }
    }

    // MARK: - Starting

    /// Binds every listener and starts the sources. When it returns, every listener accepts and answers.
    ///
    /// Webhooks are answered when the sources are known, which a `404` would deny. The API answers last: what it says
    /// of the sources, and that the daemon is ready, is true from the first answer.
    package func start() async throws(StartFailure) {
        try await listen { () async throws in
            try await eventSockets.bind()
            try api.bind()
            try webhooks?.bind()
        }
        await stdout?.start()
        try await applySources(started)
        do throws(JournalError) {
            try await supervisor.tellUnconfigured()
            try await desk.tellUnanswered()
        } catch {
            throw StartFailure(exitCode: ExitCode.journal, message: error.description)
        }
        try await listen { () async throws in
            try await webhooks?.start()
            try await api.start()
        }
    }

    private func listen(_ open: () async throws -> Void) async throws(StartFailure) {
        do {
            try await open()
        } catch {
            throw StartFailure(exitCode: ExitCode.cannotListen, message: "\(error)")
        }
    }

    /// Everything that runs until the end, in the order of their dependence: the last one stops first.
    package func services(
        notifier: ServiceNotifier, told: ToldStatus, reloads: UnixSignalsSequence
    ) -> [any Service] {
        var services: [any Service] = [
            ReaderServices(
                services: [eventSockets, api] + (stdout.map { [$0] } ?? []),
                untilLate: { [isStopping] in await isStopping.wait(andThen: Daemon.farewellLimit) }),
            PipelineService(pipeline: pipeline), desk, supervisor,
        ]
        if let webhooks { services.append(webhooks) }
        services.append(ReloadService(bridge: self, signals: reloads, told: told, logger: logger))
        if let interval = ServiceNotifier.watchdogInterval() {
            services.append(
                WatchdogService(parts: watchedParts(), notifier: notifier, interval: interval, logger: logger))
        }
        if ServiceNotifier.isHeard { services.append(StatusService(bridge: self, told: told)) }
        return services
    }

    /// The TCP port on which providers reach us, once bound.
    package var webhookPort: Int? { webhooks?.boundPort }

    /// The threads without which nothing comes in, becomes durable or goes out.
    private func watchedParts() -> [WatchedPart] {
        [
            WatchedPart(
                name: "journal", ask: { [pipeline] in pipeline.nudge() }, count: { [pipeline] in pipeline.heartbeats }),
            .eventLoop(eventLoops.next()),
            WatchedPart(name: "curl", ask: { [client] in client.nudge() }, count: { [client] in client.heartbeats }),
        ]
    }

    var status: String {
        let sources = supervisor.sources()
        return StatusLine(
            sources: sources.count, down: sources.count { $0.state == .down }, calls: pipeline.board.count,
            remark: reloadRemark.withLock(\.self)
        ).text
    }

    /// What the last reload has left to say in the status from now on.
    func remark(_ remark: String?) {
        reloadRemark.withLock { $0 = remark }
    }

    /// Unless the daemon is stopping: a service manager that has heard that must not hear that the daemon is ready.
    func unlessStopping(_ tell: () -> Void) {
        isStopping.unlessSet(tell)
    }

    /// The daemon takes nothing more from here on, and says so to who asks whether it is ready.
    func stopping() {
        isStopping.set()
        pipeline.stopsHearing(at: WallClock.now())
    }

    /// Ends what no service owns, and the listeners of a daemon whose services never ran: no socket file is left.
    package func close() async {
        webhooks?.close()
        api.stop()
        await eventSockets.stop()
        await pipeline.stop()
        client.shutdown()
        journal.close()
        try? await eventLoops.shutdownGracefully()
    }

    // MARK: - Configuration

    /// Applies what a reload can: sources, tokens, allow-lists, sockets. What needs a restart is said.
    func apply(_ newer: Configuration) async throws(StartFailure) {
        do {
            try await eventSockets.apply(Self.sockets(newer, options, inherited, logger))
        } catch {
            throw StartFailure(exitCode: ExitCode.cannotListen, message: "\(error)")
        }
        api.replaceTokens(Self.tokens(newer))
        recordingSecrets.replace(SecretScrubber(secrets: newer.secrets))
        pipeline.use(RetentionLimits(newer.journal))
        try await applySources(newer)
        if newer.webhooks?.tls != nil, newer.webhooks?.tls == started.webhooks?.tls {
            do {
                try webhooks?.reloadCertificate()
            } catch {
                logger.error("certificate not reloaded, the old one stays", metadata: ["error": "\(error)"])
            }
        }
        warnOfRestart(newer)
    }

    private func applySources(_ configuration: Configuration) async throws(StartFailure) {
        do {
            try await supervisor.apply(configuration)
        } catch {
            throw StartFailure(exitCode: ExitCode.journal, message: error.description)
        }
        webhooks?.replace(
            routes: supervisor.routes, trustedProxies: configuration.webhooks?.trustedProxies.map(\.range) ?? [])
        if webhooks == nil, !supervisor.routes.isEmpty {
            logger.error("a source is pushed to and nothing listens: restart to open the webhook listener")
        }
    }

    private func warnOfRestart(_ newer: Configuration) {
        let keys = newer.keysToRestartFor(since: started)
        guard !keys.isEmpty else { return }
        logger.warning("changed, takes effect at a restart", metadata: ["keys": "\(keys.joined(separator: ", "))"])
    }
}
