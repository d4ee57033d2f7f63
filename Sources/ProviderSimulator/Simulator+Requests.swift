internal import Logging
internal import NIOCore

/// What the simulator does with a request.
extension Simulator {
    func receive(_ exchange: Exchange) {
        guard let provider = exchange.route.provider else { return carryOut(exchange) }
        let request = exchange.request
        var keys = Set([exchange.route.key, request.parameter("ACCOUNT")].compactMap(\.self))
        if case .ovhSessionPoll(let session) = exchange.route { keys.formUnion(ovh.tokens(ofSession: session)) }
        guard let fault = faults.take(provider, keys: keys, method: request.method, path: request.path) else {
            return carryOut(exchange)
        }
        logger.info(
            "fault:",
            metadata: [
                "event": "\(fault.kind.rawValue)", "provider": "\(provider.rawValue)",
                "when": "\(fault.moment.rawValue)",
            ])
        apply(fault, to: exchange)
    }

    private func apply(_ fault: Fault, to exchange: Exchange) {
        let amendment: Exchange.Amendment
        switch fault.kind {
        case .status, .garbage, .huge: amendment = .replace(.respond(.faulty(fault)))
        case .cut: amendment = fault.half ? .halve : .replace(.close)
        case .halfOpen: amendment = .replace(.silence)
        case .delay:
            let amount = TimeAmount.milliseconds(Int64(fault.value))
            guard fault.moment == .after else {
                return exchange.schedule(in: amount) { self.carryOut(exchange) }
            }
            amendment = .delay(amount)
        case .sessionLoss, .drop: return carryOut(exchange)
        }
        exchange.amend(amendment)
        switch (fault.moment, amendment) {
        case (.before, .replace(let ending)): exchange.end(ending)
        default: carryOut(exchange)
        }
    }

    private func carryOut(_ exchange: Exchange) {
        let request = exchange.request
        switch exchange.route {
        case .ovhPoll(let token, let session):
            logger.debug("ovh: poll", metadata: ["token": "\(masked(token: token))"])
            ovh.poll(token: token, session: session, exchange)
        case .ovhNewSession: exchange.finish(ovh.newSession())
        case .ovhSubscribe(let session, let token):
            logger.info("ovh: subscribe", metadata: ["token": "\(masked(token: token))"])
            exchange.finish(ovh.subscribe(session: session, token: token))
        case .ovhSessionPoll(let session): ovh.poll(session: session, exchange)
        case .dial: dial(exchange)
        case .dialStatus(let id):
            logger.debug("voipgrid: status", metadata: ["call": "\(id)"])
            exchange.finish(voipgrid.status(id, request))
        case .dialHangUp(let id): hangUp(id, exchange)
        case .addSubscription: subscription(exchange) { $0.add(request) }
        case .removeSubscription(let id): subscription(exchange) { $0.remove(id) }
        case .orange(let verb): orange(verb, exchange)
        case .makecall: makecall(exchange)
        case .controlEvent: playEvent(exchange)
        case .controlFault: playFault(exchange)
        case .controlLog: exchange.finish(.json(200, log.json))
        case .controlReset:
            reset()
            exchange.finish(Response(204))
        case .addSlash:
            exchange.finish(Response(301, headers: [("Location", request.path + "/")]))
        case .wrongMethod(let allow): exchange.finish(Response(405, headers: [("Allow", allow)]))
        case .badRequest(let problem): exchange.finish(.text(400, problem))
        case .notFound: exchange.finish(.text(404, "not found\n"))
        }
    }

    private func makecall(_ exchange: Exchange) {
        let (response, placed) = keyyo.makecall(exchange.request, now: .now)
        exchange.finish(response)
        guard let placed else {
            return logger.info("keyyo: makecall not done", metadata: ["status": "\(response.status)"])
        }
        logger.info(
            "keyyo: makecall",
            metadata: ["line": "\(masked(placed.account))", "to": "\(masked(placed.callee))"])
        let run = ScenarioRun()
        for (after, type) in placed.plot.notifications {
            let reached = type == "CONNECT" && placed.plot == .voicemail ? placed.callee + "00000000000" : placed.callee
            let notification = KeyyoNotification(
                account: placed.account, caller: placed.caller, callee: reached, type: type, call: "makecall")
            later(milliseconds: after) { self.notify(notification, in: run) }
        }
    }
}
