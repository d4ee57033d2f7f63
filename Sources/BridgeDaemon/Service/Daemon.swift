import BridgeConfiguration
import CallModel
import Dispatch
import Glibc
import HostSupport
package import Logging
import ServiceLifecycle
package import SystemdSupport
import UnixSignals

/// The daemon from start to end.
package enum Daemon {
    /// A stop takes no longer than this, whatever hangs.
    static let stopLimit = Span.milliseconds(1_900)
    /// Of which this much is for what comes before readers are told: a journal that is slow or hangs costs no farewell.
    static let farewellLimit = Span.milliseconds(1_200)

    /// Runs until it is told to stop. The exit code of the process.
    package static func run(
        _ options: DaemonOptions, providers: ProviderCatalog = .shipped, inherited: InheritedSockets, logger: Logger
    ) async -> Int32 {
        // Before the configuration is read: a SIGHUP that comes from then on may mean a newer one, and waits to be
        // looked at when the daemon is ready.
        let reloads = await UnixSignalsSequence(trapping: .sighup)
        let configuration: Configuration
        do {
            configuration = try ConfigurationReader.read(
                path: options.configuration, credentialsDirectory: options.credentialsDirectory,
                providers: providers.settings, host: .live)
        } catch {
            for line in error.lines { writeLine(line, to: STDERR_FILENO) }
            return error.exitCode
        }
        if options.checksConfiguration {
            guard let code = writeLine(configuration.describe(), to: STDOUT_FILENO) else { return ExitCode.clean }
            writeLine("cannot write the output: \(String(cString: strerror(code)))", to: STDERR_FILENO)
            return ExitCode.output
        }
        do {
            try await serve(options, configuration, providers, inherited, reloads, logger)
            return ExitCode.clean
        } catch {
            logger.critical("cannot run", metadata: ["error": "\(error.message)"])
            return error.exitCode
        }
    }

    private static func serve(
        _ options: DaemonOptions, _ configuration: Configuration, _ providers: ProviderCatalog,
        _ inherited: InheritedSockets, _ reloads: UnixSignalsSequence, _ logger: Logger
    ) async throws(StartFailure) {
        warnOfDescriptors(configuration, limit: DescriptorLimit.raise(), logger)
        try ensure(options.stateDirectory, mode: 0o700)
        try ensure(options.runtimeDirectory, mode: 0o750)
        let notifier = ServiceNotifier()
        let told = ToldStatus(notifier)
        let bridge = try Bridge(
            options: options, configuration: configuration, providers: providers, inherited: inherited,
            logger: logger)
        // Before anybody can hear that the daemon is ready: a signal that comes from then on waits to be looked at, and
        // would end the process otherwise.
        let stops = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        do {
            try await bridge.start()
        } catch {
            await bridge.close()
            throw error
        }
        told.ready { bridge.status }
        logger.notice("ready", metadata: ["version": "\(ctibridgeVersion)", "status": "\(bridge.status)"])
        let group = ServiceGroup(
            configuration: .init(
                services: bridge.services(notifier: notifier, told: told, reloads: reloads).map {
                    .init(service: $0, successTerminationBehavior: .ignore)
                } + [.init(service: StopService(bridge: bridge, notifier: notifier, logger: logger))],
                logger: quiet(logger)))
        let watch = Task {
            for await _ in stops { await group.triggerGracefulShutdown() }
        }
        defer { watch.cancel() }
        do {
            try await group.run()
        } catch {
            await bridge.close()
            throw StartFailure(exitCode: ExitCode.internal, message: "a part of the daemon failed: \(error)")
        }
        await bridge.close()
        logger.notice("stopped")
    }

    /// What the sources need, and as many connections as the listeners admit.
    private static func warnOfDescriptors(_ configuration: Configuration, limit: Int, _ logger: Logger) {
        let needed = configuration.sources.reduce(1_000) { $0 + $1.provider.descriptors }
        guard limit < needed else { return }
        logger.warning(
            "the limit on open files is low; set LimitNOFILE (or ulimit -n)",
            metadata: ["limit": "\(limit)", "needed": "\(needed)"])
    }

    /// The lifecycle library narrates each service; operators want the daemon's own words.
    private static func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .error)
        return logger
    }

    /// systemd makes these directories; by hand, the last component is made.
    private static func ensure(_ directory: String, mode: mode_t) throws(StartFailure) {
        guard mkdir(directory, mode) != 0, errno != EEXIST else { return }
        throw StartFailure(
            exitCode: ExitCode.journal,
            message: "cannot make the directory \(directory): \(String(cString: strerror(errno))); "
                + "make it, or choose others with --state-dir and --runtime-dir")
    }

    /// The system's error where not all of it was written, unless nobody reads it.
    @discardableResult
    private static func writeLine(_ text: String, to descriptor: Int32) -> Int32? {
        let bytes = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return errno == EPIPE ? nil : errno }
            rest = rest.dropFirst(count)
        }
        return nil
    }
}

/// The first to hear of a stop: tells the service manager, and sees to it that the end comes even if something hangs.
struct StopService: Service {
    let bridge: Bridge
    let notifier: ServiceNotifier
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        bridge.stopping()
        notifier.stopping()
        logger.notice("stopping")
        DispatchQueue.global().asyncAfter(
            deadline: .now() + .milliseconds(Int(Daemon.stopLimit.milliseconds))
        ) {
            // Everything acknowledged is durable already; what hangs is a disk, or what waits for one.
            _exit(ExitCode.clean)
        }
    }
}
