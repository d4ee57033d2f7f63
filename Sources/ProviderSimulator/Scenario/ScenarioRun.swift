internal import Synchronization

/// The ids of one run of a scenario.
///
/// A scenario names its calls with labels ("c1"); every run turns them into fresh provider ids, as two real calls never
/// share one. Lines sent to the control port share one run until the simulator is reset.
final class ScenarioRun: Sendable {
    /// What a queue has said so far about one caller: later events repeat these times and ids.
    struct QueueMember: Sendable {
        let id = RandomText.uuid()
        let session = RandomText.uuid()
        var joined: Int64?
        var agents: [String: QueueAgent] = [:]
        /// The agent who was bridged last, for the end of the stay.
        var served: String?
    }

    struct QueueAgent: Sendable {
        let id = RandomText.uuid()
        var called: Int64?
        var answered: Int64?
    }

    private struct State {
        var ids: [String: String] = [:]
        var members: [String: QueueMember] = [:]
        var sfrHistories: [String: [SFRWireReport.Past]] = [:]
    }

    private let state = Mutex(State())

    /// The id of a label within a kind of ids, made on first use.
    func id(_ kind: String, _ label: String, make: () -> String) -> String {
        state.withLock { state in
            let key = "\(kind) \(label)"
            if let known = state.ids[key] { return known }
            let id = make()
            state.ids[key] = id
            return id
        }
    }

    func member<Result>(_ label: String, _ body: (inout QueueMember) -> Result) -> Result {
        state.withLock { body(&$0.members[label, default: QueueMember()]) }
    }

    /// What SFR has said so far about one call or message.
    func sfrHistory<Result>(_ label: String, _ body: (inout [SFRWireReport.Past]) -> Result) -> Result {
        state.withLock { body(&$0.sfrHistories[label, default: []]) }
    }
}
