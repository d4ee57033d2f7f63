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
    /// Until when an earlier self of the source, in this run, heard everything, by poller.
    let heard: [String: Timestamp]
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

    /// Until when everything was heard by this poller, as far as is known; nil where nobody ever listened.
    package func lastHeard(slot: String) -> Timestamp? { heard[slot] ?? lastAlive }

    /// The same for a poller that takes the place of all those before it.
    package var lastHeard: Timestamp? { heard.values.min() ?? lastAlive }

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
            lastAlive: hooksStayedOpen ? nil : lastHeard(slot: PushPresence.slot))
    }
}
