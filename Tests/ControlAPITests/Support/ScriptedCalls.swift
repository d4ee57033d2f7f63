import CallModel
import ControlAPI
import Synchronization

/// Answers as told, and remembers what it was asked.
final class ScriptedCalls: CallControl {
    struct State {
        /// Sources of requests by their keys.
        var claimed: [String: SourceName] = [:]
        /// Why keys cannot be looked up, if so.
        var lookupFailure: CallControlError?
        var answer: Result<CallID, CallControlError> = .success(CallID(rawValue: "call-new"))
        var ignored: [String] = []
        var placed: [PlaceRequest] = []
        var tracked: [String] = []
        var hungUp: [CallID] = []
        /// Gone through before a call is placed.
        var gate: @Sendable () async -> Void = {}
    }

    let state = Mutex(State())

    func source(ofRequestWith key: String) async throws(CallControlError) -> SourceName? {
        if let failure = state.withLock(\.lookupFailure) { throw failure }
        return state.withLock { $0.claimed[key] }
    }

    func place(_ request: PlaceRequest) async throws(CallControlError) -> PlaceAnswer {
        let gate = state.withLock { state in
            state.placed.append(request)
            return state.gate
        }
        await gate()
        return try state.withLock { state in state.answer.map { PlaceAnswer($0, ignored: state.ignored) } }.get()
    }

    func track(source: SourceName, callid: String) async throws(CallControlError) -> CallID {
        try state.withLock { state in
            state.tracked.append("\(source) \(callid)")
            return state.answer
        }.get()
    }

    func hangUp(_ call: CallID) async throws(CallControlError) {
        _ = try state.withLock { state in
            state.hungUp.append(call)
            return state.answer
        }.get()
    }
}

struct ScriptedSources: SourceDirectory {
    func sources() -> [SourceStatus] {
        [
            SourceStatus(
                source: SourceName("voipgrid/sales")!, state: .up, since: TestBridge.now, clockSkew: .milliseconds(12),
                counters: ["polls": 3, "deliveries": 2]
            ),
            SourceStatus(
                source: SourceName("orange/legacy")!, state: .passive, since: TestBridge.now, lastError: "none \"yet\"",
                lastErrorAt: TestBridge.now.advanced(by: .seconds(1)), legacy: true
            ),
        ]
    }
}
