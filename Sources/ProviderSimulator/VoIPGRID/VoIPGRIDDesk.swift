internal import FoundationEssentials
internal import Synchronization

/// VoIPGRID's click-to-dial interface (wiki page "Klik en bel").
///
/// Bounds: 10 000 calls and 1 000 scripts, the oldest are forgotten.
final class VoIPGRIDDesk: Sendable {
    private struct State {
        var calls = CallBook<VoIPGRIDCall>()
        var scripts = ScriptBook<VoIPGRIDScript>()
    }

    private let configuration: SimulatorConfiguration
    private let state = Mutex(State())

    init(_ configuration: SimulatorConfiguration) {
        self.configuration = configuration
    }

    /// Calls placed or started so far.
    var callCount: Int { state.withLock { $0.calls.count } }

    /// A rule for coming POSTs, or a call that runs from now on and is returned.
    func play(_ script: VoIPGRIDScript) -> VoIPGRIDCall? {
        state.withLock { state in
            if let id = script.callID {
                let call = newCall(
                    VoIPGRIDOrder(bNumber: script.number ?? "+33639980001"), id: id, steps: script.steps,
                    script: script)
                state.calls.add(call)
                return call
            }
            state.scripts.add(script, times: script.times)
            return nil
        }
    }

    /// The call notification of a moment, once; nil if the call is unknown or has ended.
    func notification(_ id: String, _ event: String) -> VoIPGRIDNotification? {
        state.withLock { $0.calls[id]?.notification(event) }
    }

    /// Places a call; its id is nil if it was refused.
    func dial(_ request: Request) -> (response: Response, call: VoIPGRIDCall?) {
        if let refusal = refusal(request) { return (refusal, nil) }
        let order: VoIPGRIDOrder
        switch VoIPGRIDOrder.read(request) {
        case .success(let read): order = read
        case .failure(let refusal): return (refusal.response, nil)
        }
        let call = state.withLock { state in
            let script = state.scripts.take { $0.number.map { $0 == order.bNumber } ?? true }
            let call = newCall(
                order, id: RandomText.lowercase(32),
                steps: script?.steps ?? ClickToDialEnd(number: order.bNumber).steps, script: script)
            state.calls.add(call)
            return call
        }
        return (.json(200, call.reply(at: call.start, speed: configuration.speed, bare: false)), call)
    }

    func status(_ id: String, _ request: Request) -> Response {
        if let refusal = refusal(request) { return refusal }
        guard let call = state.withLock({ $0.calls[id] }) else { return Response(404) }
        return .json(200, call.reply(at: .now, speed: configuration.speed, bare: call.isBare))
    }

    /// The success code is one of several that clients accept; a call that is over says so. With it comes the call
    /// notification of the end.
    func hangUp(_ id: String, _ request: Request) -> (response: Response, event: VoIPGRIDNotification?) {
        if let refusal = refusal(request) { return (refusal, nil) }
        return state.withLock { state in
            guard let call = state.calls[id] else { return (Response(404), nil) }
            guard !call.isOver(at: .now, speed: configuration.speed) else {
                return (.json(400, .object([JSONMember("description", "Call already disconnected")])), nil)
            }
            state.calls[id]?.isHungUp = true
            let event = state.calls[id]?.notification("ended")
            state.calls[id]?.notified = "ended"
            return (Response(204), event)
        }
    }

    func reset() {
        state.withLock { $0 = State() }
    }

    private func newCall(
        _ order: VoIPGRIDOrder, id: String, steps: [VoIPGRIDStep], script: VoIPGRIDScript?
    ) -> VoIPGRIDCall {
        VoIPGRIDCall(
            id: id, aNumber: order.aNumber ?? "238", bNumber: order.bNumber, aCLI: order.aCLI ?? "+33199000030",
            bCLI: order.bCLI ?? "+33199000030", autoAnswer: order.autoAnswer, steps: steps,
            isBare: script?.isBare ?? false, notifies: script?.notifies ?? configuration.voipgridNotifiesDials,
            notificationID: configuration.voipgridShape.callID(at: .now), created: .now, start: .now)
    }

    /// 401 without good credentials: `Basic base64(user:password)` or `Token user:token`.
    func refusal(_ request: Request) -> Response? {
        let parts = (request.header("authorization") ?? "").split(separator: " ", maxSplits: 1)
        let scheme = parts.first?.lowercased()
        var credentials: String?
        var secret = configuration.voipgridPassword
        if parts.count == 2, scheme == "basic" {
            credentials = Data(base64Encoded: String(parts[1])).flatMap { String(validating: $0, as: UTF8.self) }
        } else if parts.count == 2, scheme == "token" {
            credentials = String(parts[1])
            secret = configuration.voipgridToken ?? secret
        }
        let pair = credentials?.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false) ?? []
        if pair.count == 2, configuration.voipgridUser.map({ $0 == pair[0] }) ?? true,
            secret.map({ $0 == pair[1] }) ?? true
        {
            return nil
        }
        return Response(401, headers: [("WWW-Authenticate", "Basic realm=\"VoIPGRID API\"")])
    }
}
