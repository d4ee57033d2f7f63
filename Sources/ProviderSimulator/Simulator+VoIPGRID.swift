internal import Logging

/// VoIPGRID's requests, and the notifications that a click-to-dial call brings about.
extension Simulator {
    func dial(_ exchange: Exchange) {
        let (response, call) = voipgrid.dial(exchange.request)
        if let call {
            logger.info("voipgrid: call placed", metadata: ["to": "\(masked(call.bNumber))", "call": "\(call.id)"])
            followUp(call)
        } else {
            logger.info("voipgrid: call refused", metadata: ["status": "\(response.status)"])
        }
        exchange.finish(response)
    }

    func play(_ script: VoIPGRIDScript) {
        logger.info(
            "voipgrid: script",
            metadata: ["to": "\(masked(script.number ?? "any"))", "call": "\(script.callID ?? "next")"])
        if let call = voipgrid.play(script) { followUp(call) }
    }

    func hangUp(_ id: String, _ exchange: Exchange) {
        logger.info("voipgrid: hang-up", metadata: ["call": "\(id)"])
        let (response, event) = voipgrid.hangUp(id, exchange.request)
        exchange.finish(response)
        if let event { notify(event, in: ScenarioRun()) }
    }

    func subscription(_ exchange: Exchange, _ answer: (VoIPGRIDSubscriptions) -> Response) {
        let response = voipgrid.refusal(exchange.request) ?? answer(subscriptions)
        logger.info(
            "voipgrid: registration", metadata: ["event": "\(exchange.request.method)", "status": "\(response.status)"])
        exchange.finish(response)
    }

    /// Sends what the call's steps bring about; a call that is hung up or forgotten by then brings nothing more.
    private func followUp(_ call: VoIPGRIDCall) {
        guard call.notifies else { return }
        for step in call.steps {
            guard let event = step.event else { continue }
            later(milliseconds: Int64(step.after)) {
                guard let notification = self.voipgrid.notification(call.id, event) else { return }
                self.notify(notification, in: ScenarioRun())
            }
        }
    }
}
