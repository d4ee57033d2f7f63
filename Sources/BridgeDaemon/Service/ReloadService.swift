import BridgeConfiguration
import Logging
import ServiceLifecycle
import SystemdSupport
import UnixSignals

/// Reads the configuration again at SIGHUP. An invalid one leaves the running one in force, and says so.
struct ReloadService: Service {
    let bridge: Bridge
    let notifier: ServiceNotifier
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            notifier.reloading()
            let status = await reload()
            notifier.ready(status: status)
        }
    }

    private func reload() async -> String {
        let configuration: Configuration
        do {
            configuration = try ConfigurationReader.read(
                path: bridge.options.configuration, credentialsDirectory: bridge.options.credentialsDirectory,
                providers: bridge.providers.settings)
        } catch {
            for line in error.lines {
                logger.error("configuration not reloaded", metadata: ["error": "\(line)"])
            }
            return "running with the old configuration: the new one is invalid"
        }
        do {
            try await bridge.apply(configuration)
            logger.notice("configuration reloaded")
            return bridge.status
        } catch {
            logger.error("configuration reloaded in part", metadata: ["error": "\(error.message)"])
            return "running; part of the new configuration could not be applied"
        }
    }
}
