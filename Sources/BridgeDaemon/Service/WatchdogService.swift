import Logging
import ServiceLifecycle
import SystemdSupport

/// Tells the service manager that the daemon lives — as long as it does: a ping is sent only when the journal thread
/// has moved since the last one.
struct WatchdogService: Service {
    let pipeline: Pipeline
    let notifier: ServiceNotifier
    let interval: Duration
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var last: UInt64?
            while !Task.isCancelled {
                let beats = pipeline.heartbeats
                if beats == last {
                    logger.error("the journal thread has not moved, no watchdog ping")
                } else {
                    notifier.watchdog()
                }
                last = beats
                // systemd.service: ping at half the interval. The thread moves once a second.
                try? await Task.sleep(for: max(interval / 2, .milliseconds(1_100)))
            }
        }
    }
}
