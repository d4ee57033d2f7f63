import CallModel
import ControlAPI
import Synchronization

/// Takes orders, remembers them, and refuses every one where told to.
final class ScriptedOrders: OrderControl {
    struct State {
        /// Sources of requests by their keys.
        var claimed: [String: SourceName] = [:]
        /// Why keys cannot be looked up, if so.
        var lookupFailure: CallControlError?
        var failure: CallControlError?
        var conferences: [ConferenceRequest] = []
        var added: [GuestsRequest] = []
        var called: [GuestsRequest] = []
        var messages: [MessageRequest] = []
    }

    let state = Mutex(State())

    func source(ofRequestWith key: String) async throws(CallControlError) -> SourceName? {
        if let failure = state.withLock(\.lookupFailure) { throw failure }
        return state.withLock { $0.claimed[key] }
    }

    func createConference(_ request: ConferenceRequest) async throws(CallControlError) -> String {
        state.withLock { $0.conferences.append(request) }
        try fail()
        return "6789"
    }

    func addCallers(_ request: GuestsRequest) async throws(CallControlError) {
        state.withLock { $0.added.append(request) }
        try fail()
    }

    func callGuests(_ request: GuestsRequest) async throws(CallControlError) -> [GuestCall] {
        state.withLock { $0.called.append(request) }
        try fail()
        let errors: [CallControlError?] = [
            nil, .refused(status: 451, text: "barred"), .resultUnknown(call: CallID(rawValue: "c2")),
        ]
        return request.numbers.enumerated().map { index, number in
            GuestCall(to: number, call: CallID(rawValue: "c\(index)"), error: errors[index % 3])
        }
    }

    func sendMessage(_ request: MessageRequest) async throws(CallControlError) -> String {
        state.withLock { $0.messages.append(request) }
        try fail()
        return "m-new"
    }

    private func fail() throws(CallControlError) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }
}
