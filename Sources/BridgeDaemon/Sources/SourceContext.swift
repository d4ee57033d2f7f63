package import CallModel
package import Intake

/// What a source needs besides its provider's settings.
package struct SourceContext: Sendable {
    package let name: SourceName
    /// Of the source's country.
    package let numbers: NumberPlan
    package let surroundings: Surroundings
    /// Where the source's pollers went on before; empty for a source that is new.
    package let cursors: [PollCursor]
    /// When an earlier run of the daemon was last alive.
    let lastAlive: Timestamp?
    /// What earlier selves of the source, in this run, have left.
    let past: SourcePast
    /// Whether this source takes the place of one of the same name that was listened to: its addresses were open until
    /// those of this one are, so nothing that was pushed to them is missed.
    let hooksStayedOpen: Bool
    let board: CallBoard
    let memory: SourceMemory
    /// Where the provider reaches the source's first hook; nil where its settings do not say that they tell it, and
    /// where nobody said under which address we are reached. Holds the secret.
    package let hookURL: Redacted<String>?

    /// The provider's ids of the source's open calls, for a provider that can be asked about a call but not for a list.
    package var openCalls: [String] { board.providerCalls(of: name) }

    /// What a poller has to take up.
    ///
    /// - Parameters:
    ///   - slot: of this poller; named after the tokens it polls with.
    ///   - slots: of all pollers of the source.
    ///   - losesWhatIsCut: as of its conversation, which was under way when an earlier run ended.
    package func memory(ofPoller slot: String, among slots: [String], losesWhatIsCut: Bool) -> PollMemory {
        // A poller that polls for the whole source continues the last one that did, whatever its tokens were.
        if let known = past.memories[slot], !losesWhatIsCut || past.last.contains(slot) { return known }
        if past.last.isEmpty, let cursor = cursors.first(where: { $0.slot == slot }) {
            return memory(after: cursor, losesWhatIsCut: losesWhatIsCut)
        }
        // One that was added has missed nothing; one that takes the place of another has.
        let left =
            past.last.isEmpty
            ? gone(slots).map { memory(after: $0, losesWhatIsCut: losesWhatIsCut) }
            : past.last.subtracting(slots).compactMap { past.memories[$0] }
        guard let since = left.compactMap(\.unknownSince).min() else { return PollMemory() }
        let changed = "a token of this source was changed; nothing continues where the one before it ended"
        return PollMemory(loss: .init(since: since, reason: losesWhatIsCut ? LongPoller.cut : changed))
    }

    /// What an earlier run left.
    private func memory(after cursor: PollCursor, losesWhatIsCut: Bool) -> PollMemory {
        let memory = cursor.memory ?? PollMemory(heard: losesWhatIsCut ? cursor.arrived ?? lastAlive : lastAlive)
        guard losesWhatIsCut, let since = memory.unknownSince else { return memory }
        return memory.losing(LongPoller.cut, at: since)
    }

    /// Where pollers went on that the source has no more.
    private func gone(_ slots: [String]) -> [PollCursor] { cursors.filter { !slots.contains($0.slot) } }

    /// Once it is durable what these pollers took up, forgets those in whose places they are: what is added to them
    /// later takes nobody's place. What one of those had missed and none of these has to tell is told before.
    package func settle(_ pollers: [LongPoller], telling monitor: SourceMonitor) async {
        let gone = gone(pollers.map(\.slot))
        guard !gone.isEmpty else { return }
        await withDiscardingTaskGroup { group in
            for poller in pollers { group.addTask { await poller.noteMemory() } }
        }
        guard await tellLosses(of: gone, besides: pollers, monitor) else { return }
        for cursor in gone {
            let now = surroundings.now()
            _ = try? await surroundings.sink.submit(
                .carrier(of: name, observed: now), cursor: .forgotten(cursor.slot))
        }
    }

    /// False where it could not be made durable.
    private func tellLosses(
        of gone: [PollCursor], besides pollers: [LongPoller], _ monitor: SourceMonitor
    ) async -> Bool {
        let told = pollers.compactMap(\.memory.loss?.since).min()
        let untold = gone.compactMap { (past.memories[$0.slot] ?? $0.memory)?.loss }
            .filter { loss in told.map { loss.since < $0 } ?? true }
        guard let first = untold.min(by: { $0.since < $1.since }) else { return true }
        let now = surroundings.now()
        let gap = SourceReport(change: .gap, reason: first.reason, from: min(first.since, now), to: now)
        return await monitor.report(gap, slot: gone[0].slot)
    }

    /// The state of one of them now; nil where it is not open.
    package func state(ofCall providerCall: String) -> CallState? {
        board.state(source: name, providerCall: providerCall)
    }

    /// What `make` made first under this name in this run: the same for every exchange of the source.
    package func lasting<Value: Sendable>(_ name: String, _ make: () -> Value) -> Value { memory.value(name, make) }

    /// For a source that reports to us: says that it is listened to, and what was missed before.
    package func presence(_ monitor: SourceMonitor) -> PushPresence {
        let left = cursors.first { $0.slot == PushPresence.slot }?.memory
        if hooksStayedOpen { monitor.runOn() }
        return PushPresence(
            monitor: monitor, surroundings: surroundings, isKnown: !cursors.isEmpty,
            lastAlive: hooksStayedOpen ? nil : past.memories[PushPresence.slot]?.heard ?? left?.heard ?? lastAlive)
    }
}
