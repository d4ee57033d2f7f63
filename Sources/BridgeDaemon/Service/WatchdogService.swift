import Logging
import ServiceLifecycle
import SystemdSupport

/// Tells the service manager that the daemon lives — as long as it does: a ping is sent only when every watched part
/// has moved since it was last asked to. This service runs in the cooperative pool, so a pool that is blocked sends
/// none either.
struct WatchdogService: Service {
    let parts: [WatchedPart]
    let notifier: ServiceNotifier
    /// The manager's patience. Half of it is the period of the pings, and what a part has to answer in.
    let interval: Duration
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var hanging: [Int] = []
            var asked = [UInt64](repeating: 0, count: parts.count)
            while true {
                // A part that did not answer is not asked again, or its questions would pile up: its answer is still
                // due.
                for index in parts.indices where !hanging.contains(index) {
                    asked[index] = parts[index].count()
                    parts[index].ask()
                }
                // After a miss it is looked again sooner: the last ping is half the patience ago.
                guard (try? await Task.sleep(for: interval / (hanging.isEmpty ? 2 : 16))) != nil else { return }
                let silent = parts.indices.filter { parts[$0].count() == asked[$0] }
                if silent.isEmpty { notifier.watchdog() }
                tell(silent, before: hanging)
                hanging = silent
            }
        }
    }

    private func tell(_ silent: [Int], before: [Int]) {
        guard silent != before else { return }
        if silent.isEmpty {
            logger.notice("every part moves again, watchdog pings go on")
        } else {
            logger.error(
                "a part of the daemon does not move, no watchdog ping",
                metadata: ["parts": "\(silent.map { parts[$0].name }.joined(separator: ", "))"])
        }
    }
}
