import BridgeConfiguration
import CallModel
import ControlAPI
import EventJournal
import Fanout
import Intake
import Logging
import Providers
import ServiceLifecycle
import Synchronization

/// Starts, stops and exchanges sources, and answers for them. A source whose configuration did not change is never
/// touched: its poll goes on.
final class SourceSupervisor: Service {
    private struct Entry {
        let source: RunningSource
        let task: Task<Void, Never>
    }

    private let journal: EventJournal
    private let pipeline: Pipeline
    private let surroundings: Surroundings
    private let lastAlive: Timestamp?
    private let logger: Logger
    private let entries = Mutex<[Entry]>([])

    init(
        journal: EventJournal, pipeline: Pipeline, surroundings: Surroundings, lastAlive: Timestamp?, logger: Logger
    ) {
        self.journal = journal
        self.pipeline = pipeline
        self.surroundings = surroundings
        self.lastAlive = lastAlive
        self.logger = logger
    }

    /// Makes the running sources those of the configuration.
    func apply(_ configurations: [SourceConfiguration]) async throws(JournalError) {
        let wanted = configurations.filter(\.isEnabled)
        let current = entries.withLock { $0 }
        let kept = current.filter { wanted.contains($0.source.configuration) }
        let gone = current.filter { entry in !kept.contains { $0.source.name == entry.source.name } }
        for entry in gone { entry.task.cancel() }
        for entry in gone { await entry.task.value }

        var sources: [RunningSource] = []
        for configuration in wanted {
            if let known = kept.first(where: { $0.source.configuration == configuration }) {
                sources.append(known.source)
            } else {
                let context = SourceContext(
                    surroundings: surroundings, board: pipeline.board,
                    cursors: try journal.cursors(of: configuration.name), lastAlive: lastAlive)
                sources.append(RunningSource(configuration, context))
            }
        }
        // Decoders first: what is delivered from here on can be read.
        pipeline.use(Dictionary(sources.map { ($0.name, $0.decoder) }) { first, _ in first })
        let started = sources.map { source in
            kept.first { $0.source.name == source.name }
                ?? Entry(source: source, task: Task { await source.run() })
        }
        entries.withLock { $0 = started }
        logger.info(
            "sources running",
            metadata: ["count": "\(started.count)", "kept": "\(kept.count)", "gone": "\(gone.count)"])
    }

    var routes: [WebhookRoute] { entries.withLock { $0.compactMap(\.source.route) } }

    func source(_ name: SourceName) -> RunningSource? {
        entries.withLock { $0.first { $0.source.name == name }?.source }
    }

    /// While the journal could not be written, what was pushed to us was refused, and nobody sends it again.
    func journalWasUnavailable(from: Timestamp, to: Timestamp) async {
        let pushed = entries.withLock { $0.map(\.source).filter { $0.route != nil } }
        for source in pushed {
            let reason = "the journal could not be written; notifications were refused and are not repeated"
            await source.monitor.report(
                SourceReport(change: .gap, reason: reason, from: from, to: to), slot: "hook")
        }
    }

    func run() async throws {
        try? await gracefulShutdown()
        let entries = entries.withLock { $0 }
        for entry in entries { entry.task.cancel() }
        for entry in entries { await entry.task.value }
    }
}

extension SourceSupervisor: SourceDirectory {
    func sources() -> [SourceStatus] {
        entries.withLock { $0.map(\.source) }.map { source in
            let status = source.monitor.status
            let state: SourceStatus.State =
                switch status.change {
                case .up, .gap: source.route == nil ? .up : .passive
                case .down: .down
                case .degraded: .degraded
                case nil: source.route == nil && source.clickToDial == nil ? .starting : .passive
                }
            return SourceStatus(
                source: source.name, state: state, since: status.since, lastEvent: status.lastEvent,
                lastError: status.lastError, lastErrorAt: status.lastErrorAt,
                counters: [
                    "polls": status.polls, "failures": status.failures, "deliveries": status.deliveries,
                ])
        }
    }
}
