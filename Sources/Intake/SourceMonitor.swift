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
        /// What each poller leaves to the next. Bounded by the pollers.
        var memories: [String: PollMemory] = [:]
        /// Since it is in the stream that pushed notifications are listened to.
        var isListening = false
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

    /// What this poller would leave to the next if it ended now.
    package func remember(_ memory: PollMemory, slot: String) {
        state.withLock { $0.memories[slot] = memory }
    }

    /// What this object leaves to the one that takes its place, by poller and, as `PushPresence.slot`, for what is pushed.
    /// What is left out was not heard in its life, or the stream does not say so.
    package func left(at now: Timestamp) -> [String: PollMemory] {
        state.withLock { state in
            var memories = state.memories
            if state.isListening { memories[PushPresence.slot] = PollMemory(heard: now) }
            return memories.filter { $0.value.unknownSince != nil }
        }
    }

    /// Whether the stream says that pushed notifications are listened to, and what was missed before.
    package var isListening: Bool { state.withLock { $0.isListening } }

    func listening() {
        state.withLock { $0.isListening = true }
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
    /// `cursor` is stored with it. False where it could not be made durable before the task was cancelled.
    @discardableResult
    package func report(_ report: SourceReport, slot: String, cursor: PollCursor? = nil) async -> Bool {
        let now = surroundings.now()
        let news = state.withLock { state in
            let news = state.health.note(report, slot: slot)
            if let news, news.change != .gap {
                state.status.change = news.change
                state.status.since = now
            }
            return news
        }
        guard let news else { return true }
        switch news.change {
        case .up: surroundings.logger.info("source up", metadata: ["source": "\(source)"])
        default:
            surroundings.logger.warning(
                "source \(news.change.rawValue)",
                metadata: ["source": "\(source)", "reason": "\(maskedText(news.reason))"])
        }
        return await surroundings.keep(
            HealthReports.delivery(news, source: source, observed: now), cursor: cursor) != nil
    }
}
