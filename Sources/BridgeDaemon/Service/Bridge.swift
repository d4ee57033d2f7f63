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
import Replay
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
    /// What the last reload has left to say in the status.
    private let remark = Mutex<String?>(nil)

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
        let isStopping = StopMark()
        self.isStopping = isStopping
        let obstacle: @Sendable () -> CallControlError.Obstacle? = { [pipeline] in
            isStopping.isSet ? .stopping : pipeline.trouble != nil ? .journal : nil
        }
        supervisor = SourceSupervisor(
            providers: providers, journal: journal, pipeline: pipeline,
            surroundings: Surroundings(
                client: client, sink: pipeline, now: { WallClock.now() }, ticks: { MonotonicClock.now() },
                mayOrder: { obstacle() == nil }, logger: logger),
            lastAlive: alive, logger: logger)
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
            journal: JournalWork(journal), pipeline: pipeline, supervisor: supervisor, obstacle: obstacle,
            logger: logger)
        let pipeline = pipeline
        let limits = configuration.model
        api = APIService(
            Self.apiListeners(configuration, options, inherited), tokens: Self.tokens(configuration),
            backend: APIBackend(
                journal: journal, hub: hub, calls: desk, orders: desk, sources: supervisor, metrics: metrics,
                version: ctibridgeVersion,
                readiness: {
                    if isStopping.isSet { return .notReady("the daemon is stopping") }
                    return pipeline.trouble.map { .notReady($0) } ?? .ready
                },
                numberPlans: { [supervisor] in supervisor.numberPlans },
                recording: { [supervisor, recordingSecrets] in
                    RecordingContext(
                        limits: limits, decoders: supervisor.decoders, scrubber: recordingSecrets.current)
                }),
            group: eventLoops, logger: logger)
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
        do throws(JournalError) { try await supervisor.tellUnconfigured() } catch {
            throw StartFailure(exitCode: ExitCode.journal, message: error.description)
        }
        await tellUnansweredPlacements()
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

    /// A call that was asked for when the last run ended may be ringing. It is not asked for again, but told. One that
    /// waited for its turn was not: nothing is told, and its key is free.
    private func tellUnansweredPlacements() async {
        do throws(JournalError) { try journal.withdrawWaitingPlacements() } catch {
            logger.warning(
                "orders that waited when the last run ended are not withdrawn", metadata: ["error": "\(error)"])
        }
        for claim in (try? journal.unansweredPlacements()) ?? [] where supervisor.source(claim.source) != nil {
            guard !claim.call.rawValue.hasPrefix(CallDesk.conferencePrefix) else {
                try? journal.settlePlacement(of: claim.call, as: claim.call, .unknown)
                continue
            }
            let result = PlacementResult.unknown("the daemon ended before the provider answered")
            let delivery = PlacementReports.delivery(
                result, call: claim.call, to: claim.to, from: claim.from, body: [], source: claim.source,
                observed: WallClock.now())
            guard let receipt = try? await pipeline.submit(delivery, cursor: nil) else { continue }
            try? journal.settlePlacement(of: claim.call, as: receipt.call ?? claim.call, .unknown)
        }
    }

    /// Everything that runs until the end, in the order of their dependence: the last one stops first.
    package func services(notifier: ServiceNotifier, reloads: UnixSignalsSequence) -> [any Service] {
        var services: [any Service] = [
            ReaderServices(
                services: [eventSockets, api] + (stdout.map { [$0] } ?? []),
                untilLate: { [isStopping] in await isStopping.wait(andThen: Daemon.farewellLimit) }),
            PipelineService(pipeline: pipeline), desk, supervisor,
        ]
        if let webhooks { services.append(webhooks) }
        services.append(ReloadService(bridge: self, signals: reloads, notifier: notifier, logger: logger))
        if let interval = ServiceNotifier.watchdogInterval() {
            services.append(
                WatchdogService(parts: watchedParts(), notifier: notifier, interval: interval, logger: logger))
        }
        if ServiceNotifier.isHeard { services.append(StatusService(bridge: self, notifier: notifier)) }
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
            remark: remark.withLock(\.self)
        ).text
    }

    /// The status from now on, with what the last reload has left to say.
    func status(remark newer: String?) -> String {
        remark.withLock { $0 = newer }
        return status
    }

    var isBeingStopped: Bool { isStopping.isSet }

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

extension Configuration {
    /// What differs from the configuration the daemon was started with and cannot be changed while it runs.
    func keysToRestartFor(since started: Configuration) -> [String] {
        var keys: [String] = []
        if started.webhooks?.listen != webhooks?.listen { keys.append("webhooks.listen") }
        if started.webhooks?.tls != webhooks?.tls { keys.append("webhooks.tls") }
        if started.api.socket != api.socket { keys.append("api.socket") }
        if started.api.socketMode != api.socketMode { keys.append("api.socket.mode") }
        if started.api.socketGroup != api.socketGroup { keys.append("api.socket.group") }
        if started.api.http?.listen != api.http?.listen { keys.append("api.http.listen") }
        if started.model != model { keys.append("model") }
        if started.stdout != stdout { keys.append("stdout") }
        return keys
    }
}
