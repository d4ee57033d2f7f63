package import CallModel
import Providers

/// Says from when on a source that reports to us is listened to, and that what came while nobody listened is lost:
/// nothing is ever sent twice.
package struct PushPresence: Sendable {
    /// The place of what is pushed among the pollers of a source.
    package static let slot = "hook"

    private let monitor: SourceMonitor
    private let surroundings: Surroundings
    private let isKnown: Bool
    private let lastAlive: Timestamp?

    /// - Parameters:
    ///   - isKnown: whether an earlier run listened to this source.
    ///   - lastAlive: when that run was last alive.
    package init(monitor: SourceMonitor, surroundings: Surroundings, isKnown: Bool, lastAlive: Timestamp?) {
        self.monitor = monitor
        self.surroundings = surroundings
        self.isKnown = isKnown
        self.lastAlive = lastAlive
    }

    /// The cursor stored here is how a later run knows of this one.
    package func announce() async {
        let now = surroundings.now()
        if isKnown, let lastAlive, lastAlive < now {
            let reason = "nobody listened; the provider does not repeat what it could not deliver"
            let gap = SourceReport(change: .gap, reason: reason, from: lastAlive, to: now)
            guard await monitor.report(gap, slot: Self.slot) else { return }
        }
        let report = SourceReport(change: .up, reason: "listening for notifications")
        let cursor = PollCursor(slot: Self.slot, value: "\(now)")
        if await monitor.report(report, slot: Self.slot, cursor: cursor) { monitor.listening() }
    }
}
