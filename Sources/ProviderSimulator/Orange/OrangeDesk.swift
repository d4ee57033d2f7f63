internal import Synchronization

/// The Orange API of 2010 (click-to-call, conferences, SMS), closed long ago: a compatible server.
///
/// Everything is answered with HTTP 200 and a `status_code` inside. Only 200 and 450 are documented; for a bad key this
/// says 401, for bad parameters 400, for something unknown 404. Bounds: 10 000 calls, 1 000 conferences and 1 000
/// rules, the oldest are forgotten.
final class OrangeDesk: Sendable {
    /// An answer, and the guest who is called because of it.
    struct Outcome: Sendable {
        let response: Response
        var isAccepted = false
        var call: OrangeCall?
        var states: [OrangeScript.Step] = []
        /// To be told at once.
        var notice: OrangeNotice?
    }

    private struct State {
        var calls = CallBook<OrangeCall>()
        var conferences: [String] = []
        var scripts = ScriptBook<OrangeScript>()
    }

    private let configuration: SimulatorConfiguration
    private let state = Mutex(State())

    init(_ configuration: SimulatorConfiguration) {
        self.configuration = configuration
    }

    func play(_ script: OrangeScript) {
        state.withLock { $0.scripts.add(script, times: script.times) }
    }

    func reset() {
        state.withLock { $0 = State() }
    }

    func answer(_ verb: OrangeVerb, _ request: Request) -> Outcome {
        let order = OrangeOrder(request)
        guard let key = order["id"], configuration.orangeKey.map({ $0 == key }) ?? true else {
            return Self.refuse(401, "unknown access key")
        }
        return switch verb {
        case .createCall: createCall(order)
        case .releaseCall: releaseCall(order)
        case .createConference: createConference(order)
        case .addCaller: addCaller(order)
        case .conferenceCall: conferenceCall(order)
        case .sendSMS: sendSMS(order)
        case .getHistory: history(order)
        }
    }

    /// The notice of a state, once its time has come; nil after a release.
    func notice(_ id: String, _ word: String) -> OrangeNotice? {
        state.withLock { state in
            guard let call = state.calls[id], !call.isReleased else { return nil }
            state.calls[id]?.told = word
            return call.notice(word)
        }
    }

    private func createCall(_ order: OrangeOrder) -> Outcome {
        guard order.number("from") != nil, let to = order.number("to") else {
            return Self.refuse(400, "from and to must be international numbers without +")
        }
        let reply = rule(.createCall, to)?.reply ?? OrangePlot.reply(number: to)
        return accept(reply) { OrangeCall(id: $0, number: to, kind: .call, start: .now, target: nil, extra: []) }
    }

    private func sendSMS(_ order: OrangeOrder) -> Outcome {
        guard let to = order.number("to"), order["content"] != nil else {
            return Self.refuse(400, "to and content are needed")
        }
        let reply = rule(.sendSMS, to)?.reply ?? OrangePlot.reply(number: to)
        return accept(reply) { OrangeCall(id: $0, number: to, kind: .message, start: .now, target: nil, extra: []) }
    }

    /// The guest is `from`, the conference `to`.
    private func conferenceCall(_ order: OrangeOrder) -> Outcome {
        guard let guest = order.number("from"), let conference = order["to"] else {
            return Self.refuse(400, "from must be an international number without +, to a conference")
        }
        guard state.withLock({ $0.conferences.contains(conference) }) else {
            return Self.refuse(404, "no such conference")
        }
        var target: PushTarget?
        if let url = order["notification_url"] {
            do {
                target = try PushTarget(url, option: "notification_url")
            } catch {
                return Self.refuse(400, error.description)
            }
        }
        let script = rule(.conferenceCall, guest)
        let reply = script?.reply ?? OrangePlot.reply(number: guest)
        var outcome = accept(reply) {
            OrangeCall(
                id: $0, number: guest, kind: .guest(conference: conference), start: .now, target: target,
                extra: script?.extra ?? [])
        }
        if outcome.call != nil, target != nil { outcome.states = script?.states ?? OrangePlot.states(number: guest) }
        return outcome
    }

    private func createConference(_ order: OrangeOrder) -> Outcome {
        let modes: Set<String> = ["room", "caller", "room+caller", "none"]
        if let mode = order["access_mode"], !modes.contains(mode) { return Self.refuse(400, "unknown access_mode") }
        guard let callers = order.numbers("caller_numbers") else { return Self.refuse(400, "bad caller_numbers") }
        if order["access_mode"] == "caller", callers.isEmpty {
            return Self.refuse(400, "access_mode caller needs caller_numbers")
        }
        if let duration = order["duration"], Int(duration).map({ $0 > 0 }) != true {
            return Self.refuse(400, "duration is a number of minutes")
        }
        let reply = rule(.createConference, nil)?.reply ?? OrangeReply()
        guard reply.isAccepted else { return Outcome(response: reply.response([])) }
        let (id, shown) = Self.id(reply, digits: 4)
        state.withLock { state in
            state.conferences.append(id)
            if state.conferences.count > 1_000 { state.conferences.removeFirst() }
        }
        let fields = shown ? [(name: "id", text: id)] : []
        return Outcome(response: reply.response([(element: "conference", fields: fields)]), isAccepted: true)
    }

    private func addCaller(_ order: OrangeOrder) -> Outcome {
        guard let conference = order["conf_id"], state.withLock({ $0.conferences.contains(conference) }) else {
            return Self.refuse(404, "no such conference")
        }
        guard let callers = order.numbers("caller_numbers"), !callers.isEmpty else {
            return Self.refuse(400, "bad caller_numbers")
        }
        let reply = rule(.addCaller, nil)?.reply ?? OrangeReply()
        return Outcome(response: reply.response([]), isAccepted: reply.isAccepted)
    }

    private func releaseCall(_ order: OrangeOrder) -> Outcome {
        guard let id = order["call_id"] else { return Self.refuse(400, "call_id is missing") }
        let reply = rule(.releaseCall, nil)?.reply ?? OrangeReply()
        return state.withLock { state in
            guard let call = state.calls[id], !call.isReleased else { return Self.refuse(404, "no such call") }
            guard reply.isAccepted else { return Outcome(response: reply.response([])) }
            state.calls[id]?.isReleased = true
            // Whoever was never called has nothing to leave.
            let notice = call.told == nil ? nil : call.notice("left")
            let content = [(element: "call_info", fields: [(name: "call_id", text: id)])]
            return Outcome(response: reply.response(content), isAccepted: true, notice: notice)
        }
    }

    private func history(_ order: OrangeOrder) -> Outcome {
        guard let id = order["callid"] ?? order["call_id"] else { return Self.refuse(400, "callid is missing") }
        guard let call = state.withLock({ $0.calls[id] }) else { return Self.refuse(404, "no such call") }
        let script = rule(.getHistory, nil)
        let reply = script?.reply ?? OrangeReply()
        guard reply.isAccepted else { return Outcome(response: reply.response([])) }
        let word = script?.state ?? call.state(at: .now, speed: configuration.speed)
        let fields = [(name: "call_id", text: id), (name: "state", text: word)]
        return Outcome(response: reply.response([(element: "call_info", fields: fields)]), isAccepted: true)
    }

    private func accept(_ reply: OrangeReply, _ make: (String) -> OrangeCall) -> Outcome {
        guard reply.isAccepted else { return Outcome(response: reply.response([])) }
        let (id, shown) = Self.id(reply, digits: 9)
        let call = make(id)
        state.withLock { $0.calls.add(call) }
        let fields = shown ? [(name: "call_id", text: reply.id == .literal("") ? "" : id)] : []
        return Outcome(
            response: reply.response([(element: "call_info", fields: fields)]), isAccepted: true, call: call)
    }

    private static func refuse(_ code: Int, _ message: String) -> Outcome {
        Outcome(response: OrangeReply.refusal(code, message).response([]))
    }

    /// An id that is empty on the wire still has to be one here.
    private static func id(_ reply: OrangeReply, digits: Int) -> (id: String, isShown: Bool) {
        switch reply.id {
        case .fresh: (RandomText.digits(digits), true)
        case .literal(let text): (text.isEmpty ? RandomText.digits(digits) : text, true)
        case .absent: (RandomText.digits(digits), false)
        }
    }

    /// The newest rule for a request, used up by one.
    private func rule(_ verb: OrangeVerb, _ number: String?) -> OrangeScript? {
        state.withLock { state in
            state.scripts.take { script in script.verb == verb && (script.number.map { $0 == number } ?? true) }
        }
    }
}
