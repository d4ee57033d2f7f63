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
    /// Whether this source takes the place of one of the same name whose addresses it has: nothing that was pushed to
    /// them is missed.
    let hooksStayedOpen: Bool
    let board: CallBoard
    let memory: SourceMemory
    /// Where the provider reaches the source's first hook; nil where its settings do not say that they tell it, and where
    /// nobody said under which address we are reached. Holds the secret.
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
        if let known = past.memories[slot] { return known }
        if let cursor = cursors.first(where: { $0.slot == slot }) {
            guard losesWhatIsCut, let heard = cursor.arrived ?? lastAlive else { return PollMemory(heard: lastAlive) }
            return PollMemory(heard: heard, loss: .init(since: heard, reason: LongPoller.cut))
        }
        // One that was added has missed nothing; one that takes the place of another has.
        let since: Timestamp?
        if past.last.isEmpty {
            let gone = cursors.filter { !slots.contains($0.slot) }
            since = gone.isEmpty ? nil : losesWhatIsCut ? gone.compactMap(\.arrived).max() : lastAlive
        } else {
            since = past.last.subtracting(slots).compactMap { past.memories[$0]?.unknownSince }.min()
        }
        guard let since else { return PollMemory() }
        let reason = "a token of this source was changed; nothing continues where the one before it ended"
        return PollMemory(loss: .init(since: since, reason: reason))
    }

    /// The state of one of them now; nil where it is not open.
    package func state(ofCall providerCall: String) -> CallState? {
        board.state(source: name, providerCall: providerCall)
    }

    /// What `make` made for the source of this name first in this run: the same for every exchange of it.
    package func lasting<Value: Sendable>(_ make: () -> Value) -> Value { memory.value(of: name, make) }

    /// For a source that reports to us: says that it is listened to, and what was missed before.
    package func presence(_ monitor: SourceMonitor) -> PushPresence {
        PushPresence(
            monitor: monitor, surroundings: surroundings, isKnown: !cursors.isEmpty,
            lastAlive: hooksStayedOpen ? nil : past.memories[PushPresence.slot]?.heard ?? lastAlive)
    }
}
