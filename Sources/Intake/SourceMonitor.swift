package import CallModel
import Logging
import Providers
import Synchronization

/// Keeps the health of one source, tells the stream when it changes and operators when they ask.
package final class SourceMonitor: Sendable {
    /// What operators see of a source.
    package struct Status: Sendable, Equatable {
        package var change: SourceReport.Change?
        package var since: Timestamp
        package var lastEvent: Timestamp?
        package var lastError: String?
        package var lastErrorAt: Timestamp?
        package var polls: Int64 = 0
        package var failures: Int64 = 0
        package var deliveries: Int64 = 0
    }

    private struct State {
        var health: SourceHealth
        var status: Status
    }

    package let source: SourceName
    private let surroundings: Surroundings
    private let state: Mutex<State>

    package init(source: SourceName, pollers: Int, surroundings: Surroundings) {
        self.source = source
        self.surroundings = surroundings
        state = Mutex(
            State(health: SourceHealth(pollers: pollers), status: Status(since: surroundings.now())))
    }

    package var status: Status { state.withLock { $0.status } }

    package func polled(failed reason: String? = nil) {
        let now = surroundings.now()
        state.withLock {
            $0.status.polls += 1
            if let reason {
                $0.status.failures += 1
                $0.status.lastError = reason
                $0.status.lastErrorAt = now
            }
        }
    }

    /// Something asked of the provider besides polling failed.
    package func failed(_ reason: String) {
        let now = surroundings.now()
        state.withLock {
            $0.status.failures += 1
            $0.status.lastError = reason
            $0.status.lastErrorAt = now
        }
    }

    package func delivered(at now: Timestamp) {
        state.withLock {
            $0.status.deliveries += 1
            $0.status.lastEvent = now
        }
    }

    /// The source was taken out of the configuration: whatever its health was, nothing more is heard of it.
    package func removed(at now: Timestamp) async {
        let report = SourceReport(change: .down, reason: "removed from the configuration", from: now)
        surroundings.logger.info("source removed", metadata: ["source": "\(source)"])
        _ = await surroundings.keep(HealthReports.delivery(report, source: source, observed: now))
    }

    /// Passes a poller's report on to the stream where it changes the health of the source.
    /// `cursor` is stored with it.
    package func report(_ report: SourceReport, slot: String, cursor: PollCursor? = nil) async {
        let now = surroundings.now()
        let news = state.withLock { state in
            let news = state.health.note(report, slot: slot)
            if let news, news.change != .gap {
                state.status.change = news.change
                state.status.since = now
            }
            return news
        }
        guard let news else { return }
        switch news.change {
        case .up: surroundings.logger.info("source up", metadata: ["source": "\(source)"])
        default:
            surroundings.logger.warning(
                "source \(news.change.rawValue)",
                metadata: ["source": "\(source)", "reason": "\(maskedText(news.reason))"])
        }
        _ = await surroundings.keep(
            HealthReports.delivery(news, source: source, observed: now), cursor: cursor)
    }
}
