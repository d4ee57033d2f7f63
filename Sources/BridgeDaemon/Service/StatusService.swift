import Logging
import ServiceLifecycle
import SystemdSupport

/// Keeps the line of `systemctl status` true: looks every few seconds, and speaks where it has changed.
struct StatusService: Service {
    static let interval = Duration.seconds(3)

    let bridge: Bridge
    let notifier: ServiceNotifier

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var told = ""
            while (try? await Task.sleep(for: Self.interval)) != nil {
                let status = bridge.status
                // The last word is that it is stopping.
                guard status != told, !bridge.isBeingStopped else { continue }
                notifier.status(status)
                told = status
            }
        }
    }
}
