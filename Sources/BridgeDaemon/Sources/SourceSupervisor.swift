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
        let configuration: SourceConfiguration
        let source: RunningSource
        let task: Task<Void, Never>
        /// What it tells its provider about where to reach us; nil where it tells nothing.
        let toldURL: Redacted<String>?

        /// What its provider's settings say about being pushed to, so that the two cannot differ.
        var routes: [WebhookRoute] {
            configuration.provider.hooks.map { hook in
                WebhookRoute(
                    source: configuration.name, methods: hook.methods, secrets: hook.secrets,
                    allow: hook.allow.map(\.range), maximumBodyBytes: hook.maximumBodyBytes, hidden: hook.hidden)
            }
        }
    }

    private let providers: ProviderCatalog
    private let journal: JournalWork
    private let pipeline: Pipeline
    private let surroundings: Surroundings
    private let lastAlive: Timestamp?
    private let logger: Logger
    private let entries = Mutex<[Entry]>([])
    private let memory = SourceMemory()
    /// Of sources that were changed or removed. Bounded by the names that were ever configured in this run.
    private let pasts = Mutex<[SourceName: SourcePast]>([:])
    /// What says of a source that it was removed, each time, and may wait for the journal. Bounded by the same names.
    private let farewells = Mutex<[SourceName: Task<Void, Never>]>([:])

    /// - Parameter providers: those the configurations were read with.
    init(
        providers: ProviderCatalog, journal: JournalWork, pipeline: Pipeline, surroundings: Surroundings,
        lastAlive: Timestamp?, logger: Logger
    ) {
        self.providers = providers
        self.journal = journal
        self.pipeline = pipeline
        self.surroundings = surroundings
        self.lastAlive = lastAlive
        self.logger = logger
    }

    /// Makes the running sources those of the configuration.
    func apply(_ configuration: Configuration) async throws(JournalError) {
        let urls = configuration.sources.reduce(into: [SourceName: Redacted<String>]()) {
            $0[$1.name] = configuration.hookURL(toTell: $1)
        }
        let wanted = configuration.sources.filter(\.isEnabled)
        for source in configuration.sources where !source.isEnabled && source.provider.isLegacy {
            logger.notice(
                "a source of an interface that its provider has closed is off unless it says enabled: true",
                metadata: ["source": "\(source.name)"])
        }
        let current = entries.withLock { $0 }
        let kept = current.filter {
            wanted.contains($0.configuration) && $0.toldURL == urls[$0.configuration.name]
        }
        let gone = current.filter { entry in !kept.contains { $0.source.name == entry.source.name } }
        // A journal that cannot be read is found out before anything is stopped.
        for configuration in wanted { _ = try await cursors(of: configuration.name) }
        for entry in gone {
            entry.source.monitor.retire()
            entry.source.placer?.retire()
            entry.task.cancel()
        }
        for entry in gone { await entry.task.value }
        farewell(gone, wanted)

        var sources: [(configuration: SourceConfiguration, source: RunningSource)] = []
        do throws(JournalError) {
            for configuration in wanted {
                if let known = kept.first(where: { $0.configuration == configuration }) {
                    sources.append((configuration, known.source))
                } else {
                    let old = gone.first { $0.source.name == configuration.name }
                    let source = try await source(
                        configuration, hookURL: urls[configuration.name],
                        hooksStayOpen: old.map { Self.hooksStayOpen($0, configuration) } ?? false)
                    sources.append((configuration, source))
                }
            }
        } catch {
            // What was cancelled runs no more: listed, it would be kept by a reload back to the old file.
            entries.withLock { $0 = kept }
            throw error
        }
        // Decoders first: what is delivered from here on can be read.
        pipeline.use(Dictionary(sources.map { ($0.source.name, $0.source.decoder) }) { first, _ in first })
        let started = sources.map { configuration, source in
            kept.first { $0.source.name == source.name }
                ?? Entry(
                    configuration: configuration, source: source, task: task(running: source),
                    toldURL: urls[configuration.name])
        }
        entries.withLock { $0 = started }
        // What committed while a source was exchanged: its old self no longer follows it, its new one did not know it.
        for source in started.map(\.source) {
            for call in pipeline.board.providerCalls(of: source.name) { source.callControl?.follow(call) }
        }
        logger.info(
            "sources running",
            metadata: ["count": "\(started.count)", "kept": "\(kept.count)", "gone": "\(gone.count)"])
    }

    /// From here on nothing is heard of these sources, and the stream says so: a change of configuration is no secret
    /// to readers, and one that comes back tells what it missed.
    ///
    /// Nobody waits for the journal here: the sources that stay or come would wait, too.
    private func farewell(_ gone: [Entry], _ wanted: [SourceConfiguration]) {
        let now = surroundings.now()
        for source in gone.map(\.source) {
            let left = source.monitor.left(at: now)
            pasts.withLock { $0[source.name, default: SourcePast()].add(left) }
            guard !wanted.contains(where: { $0.name == source.name }) else { continue }
            farewells.withLock { farewells in
                let earlier = farewells[source.name]
                farewells[source.name] = Task {
                    await earlier?.value
                    await source.monitor.removed(at: now)
                }
            }
        }
    }

    /// Says of the sources that an earlier run heard, and this one is not told to hear, that they are heard no more.
    func tellUnconfigured() async throws(JournalError) {
        let words = try await journal.read { journal throws(JournalError) in try journal.lastWords() }
        let running = Set(entries.withLock { $0.map(\.source.name) })
        for (source, word) in words where word != .down && !running.contains(source) {
            let monitor = SourceMonitor(source: source, pollers: 1, surroundings: surroundings)
            for cursor in try await cursors(of: source) {
                monitor.remember(cursor.memory ?? PollMemory(heard: lastAlive), slot: cursor.slot)
            }
            let since = lastAlive ?? surroundings.now()
            farewells.withLock { $0[source] = Task { await monitor.removed(at: since) } }
        }
    }

    /// Whatever an earlier self of the source has still to say comes first, and is said whatever becomes of this one.
    private func task(running source: RunningSource) -> Task<Void, Never> {
        let farewell = farewells.withLock { $0[source.name] }
        return Task {
            if let farewell {
                guard await patiently(farewell, unless: { false }) != nil else { return }
            }
            await source.run()
        }
    }

    /// The old hooks are open until the new ones are: where each has an address that it had before, what is pushed
    /// there was heard throughout.
    private static func hooksStayOpen(_ old: Entry, _ new: SourceConfiguration) -> Bool {
        // What was missed before may not be in the stream yet.
        guard old.source.monitor.isListening else { return false }
        let known = Set(old.configuration.provider.hooks.flatMap(\.secrets).map(\.exposed))
        return new.provider.hooks.allSatisfy { hook in hook.secrets.contains { known.contains($0.exposed) } }
    }

    private func source(
        _ configuration: SourceConfiguration, hookURL: Redacted<String>?, hooksStayOpen: Bool
    ) async throws(JournalError) -> RunningSource {
        let name = configuration.name
        let cursors = try await cursors(of: name)
        let context = SourceContext(
            name: name, numbers: NumberPlan(country: configuration.country), surroundings: surroundings,
            cursors: cursors, lastAlive: lastAlive, past: pasts.withLock { $0[name] ?? SourcePast() },
            hooksStayedOpen: hooksStayOpen, board: pipeline.board, memory: memory,
            hookURL: hookURL)
        if configuration.provider.isLegacy {
            logger.warning(
                "a source of an interface that its provider has closed", metadata: ["source": "\(configuration.name)"])
        }
        guard let source = providers.source(configuration, context) else {
            preconditionFailure("\(configuration.name) was read with another catalogue of providers")
        }
        return source
    }

    private func cursors(of name: SourceName) async throws(JournalError) -> [PollCursor] {
        try await journal.read { journal throws(JournalError) in try journal.cursors(of: name) }
    }

    var routes: [WebhookRoute] { entries.withLock { $0.flatMap(\.routes) } }

    /// How each running source reads what it is delivered.
    var decoders: [SourceName: any RecordableDecoder] {
        let sources = entries.withLock { $0.map(\.source) }
        return Dictionary(sources.map { ($0.name, $0.decoder) }) { first, _ in first }
    }

    /// One for each country of a source.
    var numberPlans: [NumberPlan] {
        entries.withLock { entries in Set(entries.map(\.configuration.country)).sorted() }
            .map(NumberPlan.init(country:))
    }

    func source(_ name: SourceName) -> RunningSource? {
        entries.withLock { $0.first { $0.source.name == name }?.source }
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
        entries.withLock { $0 }.map { entry in
            let source = entry.source
            let status = source.monitor.status
            return SourceStatus(
                source: source.name,
                state: SourceStatus.State(
                    status.change, isPolled: source.isPolled, isPushed: entry.configuration.provider.isPushed,
                    polls: status.polls),
                since: status.since, lastEvent: status.lastEvent,
                lastError: status.lastError, lastErrorAt: status.lastErrorAt,
                clockSkew: pipeline.clockSkew(of: source.name),
                counters: [
                    "polls": status.polls, "failures": status.failures, "deliveries": status.deliveries,
                    "unparsed": pipeline.unparsed(of: source.name),
                ], legacy: entry.configuration.provider.isLegacy)
        }
    }
}
