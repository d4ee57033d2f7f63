import BridgeConfiguration
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the configuration again at SIGHUP. An invalid one leaves the running one in force, and says so.
struct ReloadService: Service {
    let bridge: Bridge
    /// SIGHUP, trapped before the daemon said that it is ready.
    let signals: UnixSignalsSequence
    let told: ToldStatus
    let logger: Logger

    func run() async throws {
        for await _ in signals.cancelOnGracefulShutdown() {
            begin()
            // What is left of it at the stop is not needed any more.
            await cancelWhenGracefulShutdown { await reload() }
            end()
        }
    }

    func begin() {
        bridge.unlessStopping { told.reloading() }
    }

    func end() {
        bridge.unlessStopping { told.ready { bridge.status } }
    }

    /// Leaves in the status what a person should know of it.
    func reload() async {
        let configuration: Configuration
        do {
            configuration = try ConfigurationReader.read(
                path: bridge.options.configuration, credentialsDirectory: bridge.options.credentialsDirectory,
                providers: bridge.providers.settings, host: .live)
        } catch {
            for line in error.lines {
                logger.error("configuration not reloaded", metadata: ["error": "\(line)"])
            }
            bridge.remark("running with the old configuration: the new one is invalid")
            return
        }
        do {
            try await bridge.apply(configuration)
            logger.notice("configuration reloaded")
            bridge.remark(nil)
        } catch  where error.exitCode == ExitCode.cannotListen {
            // The sockets come first: where one cannot be opened, nothing was touched yet.
            logger.error("configuration not reloaded", metadata: ["error": "\(error.message)"])
            bridge.remark("running with the old configuration: the new one cannot be applied")
        } catch  where Task.isCancelled {
            logger.notice("configuration not reloaded: the daemon is stopping")
        } catch {
            logger.error("configuration reloaded in part", metadata: ["error": "\(error.message)"])
            bridge.remark("part of the new configuration could not be applied")
        }
    }
}
