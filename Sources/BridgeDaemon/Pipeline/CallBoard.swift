package import CallModel
import Synchronization

/// The calls that are open now, for those who ask between two commits: a status poller, a hang-up.
package final class CallBoard: Sendable {
    /// What a hang-up or a status poll needs to know of an open call.
    package struct Entry: Sendable, Hashable {
        package var source: SourceName
        package var state: CallState
        /// By which the provider can be asked about the call, or to end it.
        package var providerCall: String?
    }

    private struct Table {
        var calls: [CallID: Entry] = [:]
        var byProvider: [String: CallID] = [:]
    }

    private let table = Mutex(Table())

    package init(_ calls: [TrackedCall] = []) {
        update(calls)
    }

    /// Called by the journal thread after each commit, with the calls that changed; those that ended are taken off.
    package func update(_ calls: [TrackedCall]) {
        table.withLock { table in
            for call in calls {
                let key = call.handle.map { Self.key(call.source, $0) }
                if call.isOpen {
                    table.calls[call.id] = Entry(
                        source: call.source, state: call.state, providerCall: call.handle)
                    if let key { table.byProvider[key] = call.id }
                } else {
                    table.calls[call.id] = nil
                    if let key { table.byProvider[key] = nil }
                }
            }
        }
    }

    /// Nil where the call is over or was never known.
    package subscript(_ call: CallID) -> Entry? { table.withLock { $0.calls[call] } }

    /// The state of an open call by the provider's id; nil where there is none open.
    package func state(source: SourceName, providerCall: String) -> CallState? {
        table.withLock { table in
            table.byProvider[Self.key(source, providerCall)].flatMap { table.calls[$0]?.state }
        }
    }

    /// The provider's ids of the source's open calls.
    package func providerCalls(of source: SourceName) -> [String] {
        table.withLock { $0.calls.values.filter { $0.source == source }.compactMap(\.providerCall) }.sorted()
    }

    package var count: Int { table.withLock { $0.calls.count } }

    private static func key(_ source: SourceName, _ call: String) -> String { "\(source) \(call)" }
}
