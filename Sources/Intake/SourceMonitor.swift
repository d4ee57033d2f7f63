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
        /// When the stream was last told of the health.
        var told: Timestamp?
        /// Since it took the place of another without a moment between them.
        var isRunningOn = false
        var isRetired = false

        func isOutdated(at now: Timestamp) -> Bool {
            guard health.isOutdated, let told else { return false }
            return now.since(told) >= pauseBetweenWords
        }

        mutating func newer(at now: Timestamp) -> SourceReport? {
            guard isOutdated(at: now) else { return nil }
            told = now
            return health.tellAgain()
        }
    }

    private static let pauseBetweenWords = Span.minutes(1)

    package let source: SourceName
    private let surroundings: Surroundings
    private let state: Mutex<State>
    private let voice: SourceVoice

    package init(source: SourceName, pollers: Int, surroundings: Surroundings) {
        self.source = source
        self.surroundings = surroundings
        voice = surroundings.voices.voice(of: source)
        state = Mutex(
            State(health: SourceHealth(pollers: pollers), status: Status(since: surroundings.now())))
    }

    /// How many reports wait for their turn.
    var waiting: Int { voice.waiting }

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

    /// The source takes the place of one that was listened to, and nothing was missed between the two: what the stream
    /// says of that one is no news.
    package func runOn() { state.withLock { $0.isRunningOn = true } }

    private var isRetired: Bool { state.withLock { $0.isRetired } }

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
        guard await voice.enter() else { return }
        defer { voice.leave() }
        let now = surroundings.now()
        // For the run in which it comes back.
        for (slot, memory) in left(at: since).sorted(by: { $0.key < $1.key }) {
            _ = await note(PollCursor(slot: slot, value: nil, memory: memory), at: now)
        }
        surroundings.logger.info("source removed", metadata: ["source": "\(source)"])
        let report = SourceReport(change: .down, reason: "removed from the configuration", from: since)
        let delivery = HealthReports.delivery(report, source: source, observed: now)
        if await surroundings.keep(delivery) != nil { voice.said(.down, at: now) }
    }

    /// Makes a cursor durable that came with nothing else.
    private func note(_ cursor: PollCursor, at now: Timestamp) async -> Bool {
        await surroundings.keep(.carrier(of: source, observed: now), cursor: cursor) != nil
    }

    /// Passes a poller's report on to the stream where it changes the health of the source.
    /// `cursor` is stored with it. False where it could not be made durable before the task was cancelled or the source
    /// was changed or removed.
    @discardableResult
    package func report(_ report: SourceReport, slot: String, cursor: PollCursor? = nil) async -> Bool {
        guard await voice.enter() else { return false }
        defer { voice.leave() }
        let now = surroundings.now()
        guard !isRetired else { return false }
        guard let news = news(of: report, slot: slot, at: now) else {
            guard let cursor else { return true }
            return await note(cursor, at: now)
        }
        return await tell(news, at: now, cursor: cursor)
    }

    /// To be called in turn.
    private func tell(_ news: SourceReport, at now: Timestamp, cursor: PollCursor? = nil) async -> Bool {
        switch news.change {
        case .up: surroundings.logger.info("source up", metadata: ["source": "\(source)"])
        default:
            surroundings.logger.warning(
                "source \(news.change.rawValue)",
                metadata: ["source": "\(source)", "reason": "\(maskedText(news.reason))"])
        }
        let delivery = HealthReports.delivery(news, source: source, observed: now)
        guard await surroundings.keep(delivery, cursor: cursor, unless: { isRetired }) != nil else { return false }
        if news.change != .gap { voice.said(news.change, at: now) }
        return true
    }

    /// Tells the stream again that part of the source fails where it is another part by now, at most once a minute. To
    /// be asked after every poll. False as with `report`.
    package func tellAgain() async -> Bool {
        guard state.withLock({ $0.isOutdated(at: surroundings.now()) }) else { return true }
        guard await voice.enter() else { return false }
        defer { voice.leave() }
        let now = surroundings.now()
        guard !isRetired else { return false }
        guard let news = state.withLock({ $0.newer(at: now) }) else { return true }
        return await tell(news, at: now)
    }

    private func news(of report: SourceReport, slot: String, at now: Timestamp) -> SourceReport? {
        let word = voice.word
        return state.withLock { state in
            guard let news = state.health.note(report, slot: slot) else { return nil }
            guard news.change != .gap else { return news }
            state.told = now
            let isKnown = state.isRunningOn && news.change == word?.change
            state.status.change = news.change
            state.status.since = isKnown ? word?.since ?? now : now
            return isKnown ? nil : news
        }
    }
}
