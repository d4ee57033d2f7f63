internal import Logging

/// Orange's requests, and what a conference's address is told because of them.
extension Simulator {
    func orange(_ verb: OrangeVerb, _ exchange: Exchange) {
        let outcome = orange.answer(verb, exchange.request)
        exchange.finish(outcome.response)
        logger.info(
            "orange:",
            metadata: [
                "event": "\(verb.rawValue)", "accepted": "\(outcome.isAccepted)",
                "to": "\(masked(outcome.call?.number ?? "-"))",
            ])
        if let notice = outcome.notice { notify(notice) }
        guard let call = outcome.call else { return }
        for step in outcome.states {
            later(milliseconds: Int64(step.after)) {
                if let notice = self.orange.notice(call.id, step.state) { self.notify(notice) }
            }
        }
    }
}
