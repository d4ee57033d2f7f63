import BridgeConfiguration
import CallModel
import ControlAPI
import EventJournal
import Fanout
import HostSupport
import Intake
import Logging
import NIOPosix
import Replay
import SystemdSupport

/// What the configuration means for each part.
extension Bridge {
    /// The event sockets of the configuration; those that systemd holds stand in the place of their entries.
    static func sockets(
        _ configuration: Configuration, _ options: DaemonOptions, _ inherited: InheritedSockets, _ logger: Logger
    ) -> [EventSocket] {
        let configured = configuration.sockets.map { socket in
            EventSocket(
                .path(absolute(socket.path, options), mode: socket.mode, group: socket.group?.usable),
                numbers: socket.numbers == .clear ? .clear : .masked)
        }
        let plan = SocketPlan(configured: configured, inherited: inherited)
        for path in plan.unlisted {
            logger.warning(
                "systemd holds an event socket that no entry of 'sockets' names; list it there",
                metadata: ["socket": "\(path)"])
        }
        return plan.sockets
    }

    static func warnOfUnserved(_ inherited: InheritedSockets, _ configuration: Configuration, _ logger: Logger) {
        for name in SocketPlan.unserved(inherited, hasWebhooks: configuration.webhooks != nil) {
            logger.warning(
                "systemd handed over a socket that is not served; correct FileDescriptorName= of its unit",
                metadata: ["name": "\(name)", "served": "events, events-masked, api, and webhook with 'webhooks'"])
        }
    }

    static func apiListeners(
        _ configuration: Configuration, _ options: DaemonOptions, _ inherited: InheritedSockets
    ) -> [APIListener] {
        var listeners = inherited.descriptors(named: SocketPlan.api).map { APIListener.inherited(descriptor: $0) }
        if listeners.isEmpty {
            listeners = [
                .unix(
                    path: absolute(configuration.api.socket, options), mode: configuration.api.socketMode,
                    group: configuration.api.socketGroup?.usable)
            ]
        }
        if let http = configuration.api.http {
            listeners.append(
                .tcp(host: http.listen.host, port: Int(http.listen.port), isBehindProxy: http.isBehindProxy))
        }
        return listeners
    }

    static func tokens(_ configuration: Configuration) -> [APIToken] {
        (configuration.api.http?.tokens ?? []).map { token in
            APIToken(
                name: token.name, token: token.secret,
                may: Set(token.may.compactMap { Grant(rawValue: $0.rawValue) }))
        }
    }

    static func webhooks(
        _ configuration: Configuration, _ inherited: InheritedSockets, _ sink: any DeliverySink,
        _ group: MultiThreadedEventLoopGroup, _ logger: Logger
    ) throws(StartFailure) -> WebhookListener? {
        guard let webhooks = configuration.webhooks else { return nil }
        let settings = WebhookSettings(
            host: webhooks.listen.host, port: Int(webhooks.listen.port),
            inheritedDescriptor: inherited.descriptors(named: SocketPlan.webhook).first,
            tls: webhooks.tls.map { .init(certificate: $0.certificate, key: $0.key) })
        do {
            return try WebhookListener(
                settings: settings, routes: [], trustedProxies: webhooks.trustedProxies.map(\.range), sink: sink,
                clock: { WallClock.now() }, group: group, logger: logger)
        } catch {
            throw StartFailure(exitCode: ExitCode.cannotListen, message: error.description)
        }
    }

    static func writesStdout(_ configuration: Configuration, _ options: DaemonOptions) -> Bool {
        if let stdout = options.stdout { return stdout }
        switch configuration.stdout {
        case .always: return true
        case .never: return false
        case .auto: return !JournalStream.isConnected(to: 1)
        }
    }

    static func readiness(_ pipeline: Pipeline, _ isStopping: StopMark) -> @Sendable () -> APIBackend.Readiness {
        {
            if isStopping.isSet { return .notReady("the daemon is stopping") }
            return pipeline.trouble.map { .notReady($0) } ?? .ready
        }
    }

    static func recording(
        _ limits: TrackerLimits, _ supervisor: SourceSupervisor, _ secrets: SharedScrubber
    ) -> @Sendable () -> RecordingContext {
        { RecordingContext(limits: limits, decoders: supervisor.decoders, scrubber: secrets.current) }
    }

    private static func absolute(_ path: String, _ options: DaemonOptions) -> String {
        path.hasPrefix("/") ? path : "\(options.runtimeDirectory)/\(path)"
    }
}

extension RetentionLimits {
    init(_ configuration: JournalConfiguration) {
        self.init(
            events: configuration.retention, maximumBytes: configuration.maxSize, raw: configuration.raw)
    }
}
