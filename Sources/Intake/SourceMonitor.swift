package import CallModel
import Logging
import Providers
import Synchronization

/// Keeps the health of one source, tells the stream when it changes and operators when they ask.
package final class SourceMonitor: Sendable {
    /// What operators see of a source.
    package struct Status: Sendable, Equatable {
        /// What the stream was last told of the source; nil before anything was.
        package var change: SourceReport.Change?
        package var since: Timestamp
        /// When something last came that was kept, idle polls apart.
        package var lastEvent: Timestamp?
        /// Stays when the source is well again. No secret, no full number.
        package var lastError: String?
        package var lastErrorAt: Timestamp?
        /// Replies and failures together. Those of status polls, too.
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
        var isRetired = false
    }

    package let source: SourceName
    private let surroundings: Surroundings
    private let state: Mutex<State>
    /// Whoever has something to report waits until what was reported before is durable: the last word in the stream
    /// is the last one that was said.
    private let turnstile = Turnstile()

    package init(source: SourceName, pollers: Int, surroundings: Surroundings) {
        self.source = source
        self.surroundings = surroundings
        state = Mutex(
            State(health: SourceHealth(pollers: pollers), status: Status(since: surroundings.now())))
    }

    /// How many reports wait for their turn.
    var waiting: Int { turnstile.queue }

    /// A consistent copy; any thread.
    package var status: Status { state.withLock { $0.status } }

    /// A poll came to its end: `reason` says why without a usable reply, nil with one.
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

    /// What this object leaves to the one that takes its place, by poller and, as `PushPresence.slot`, for what is
    /// pushed. What is left out was not heard in its life, or the stream does not say so.
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

    /// Something came from the provider that was handed on to be kept.
    package func delivered(at now: Timestamp) {
        state.withLock {
            $0.status.deliveries += 1
            $0.status.lastEvent = now
        }
    }

    /// The source was changed or removed: an answer that is still to come says nothing about what it is now.
    package func retire() { state.withLock { $0.isRetired = true } }

    /// The source was taken out of the configuration: whatever its health was, nothing was heard of it since.
    package func removed(at since: Timestamp) async {
        let now = surroundings.now()
        // For the run in which it comes back.
        for (slot, memory) in left(at: since).sorted(by: { $0.key < $1.key }) {
            _ = await note(PollCursor(slot: slot, value: nil, memory: memory), at: now)
        }
        surroundings.logger.info("source removed", metadata: ["source": "\(source)"])
        let report = SourceReport(change: .down, reason: "removed from the configuration", from: since)
        _ = await surroundings.keep(HealthReports.delivery(report, source: source, observed: now))
    }

    /// Makes a cursor durable that came with nothing else.
    private func note(_ cursor: PollCursor, at now: Timestamp) async -> Bool {
        await surroundings.keep(.carrier(of: source, observed: now), cursor: cursor) != nil
    }

    /// Passes a poller's report on to the stream where it changes the health of the source.
    /// `cursor` is stored with it. False where it could not be made durable before the task was cancelled.
    @discardableResult
    package func report(_ report: SourceReport, slot: String, cursor: PollCursor? = nil) async -> Bool {
        guard await turnstile.enter() else { return false }
        defer { turnstile.leave() }
        let now = surroundings.now()
        let (news, isRetired) = state.withLock { state in
            guard !state.isRetired else { return (SourceReport?.none, true) }
            let news = state.health.note(report, slot: slot)
            if let news, news.change != .gap {
                state.status.change = news.change
                state.status.since = now
            }
            return (news, false)
        }
        guard !isRetired else { return false }
        guard let news else {
            guard let cursor else { return true }
            return await note(cursor, at: now)
        }
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
