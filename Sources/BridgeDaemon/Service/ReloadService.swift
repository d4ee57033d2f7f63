import BridgeConfiguration
import Logging
import ServiceLifecycle
import SystemdSupport
import UnixSignals

/// Reads the configuration again at SIGHUP. An invalid one leaves the running one in force, and says so.
struct ReloadService: Service {
    let bridge: Bridge
    /// SIGHUP, trapped before the daemon said that it is ready.
    let signals: UnixSignalsSequence
    let notifier: ServiceNotifier
    let logger: Logger

    func run() async throws {
        for await _ in signals.cancelOnGracefulShutdown() {
            begin()
            // What is left of it at the stop is not needed any more.
            let status = await cancelWhenGracefulShutdown { await reload() }
            end(status)
        }
    }

    func begin() {
        bridge.unlessStopping { notifier.reloading() }
    }

    func end(_ status: String) {
        bridge.unlessStopping { notifier.ready(status: status) }
    }

    /// What the service manager shows afterwards.
    func reload() async -> String {
        let configuration: Configuration
        do {
            configuration = try ConfigurationReader.read(
                path: bridge.options.configuration, credentialsDirectory: bridge.options.credentialsDirectory,
                providers: bridge.providers.settings, host: .live)
        } catch {
            for line in error.lines {
                logger.error("configuration not reloaded", metadata: ["error": "\(line)"])
            }
            return bridge.status(remark: "running with the old configuration: the new one is invalid")
        }
        do {
            try await bridge.apply(configuration)
            logger.notice("configuration reloaded")
            return bridge.status(remark: nil)
        } catch  where error.exitCode == ExitCode.cannotListen {
            // The sockets come first: where one cannot be opened, nothing was touched yet.
            logger.error("configuration not reloaded", metadata: ["error": "\(error.message)"])
            return bridge.status(remark: "running with the old configuration: the new one cannot be applied")
        } catch  where Task.isCancelled {
            logger.notice("configuration not reloaded: the daemon is stopping")
            return bridge.status
        } catch {
            logger.error("configuration reloaded in part", metadata: ["error": "\(error.message)"])
            return bridge.status(remark: "part of the new configuration could not be applied")
        }
    }
}
