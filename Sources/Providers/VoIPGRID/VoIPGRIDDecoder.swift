package import CallModel

/// Reads the status of click-to-dial calls (VoIPGRID wiki "Klik en bel"; words missing there from public clients), and
/// the notifications that VoIPGRID pushes about all calls.
///
/// The status is a sample, not an event: states between two polls are invisible, so every forward jump is normal, and
/// the time of a change is known no better than the poll that saw it.
package struct VoIPGRIDDecoder: DeliveryDecoder {
    package let numbers: NumberPlan

    package init(numbers: NumberPlan) {
        self.numbers = numbers
    }

    package func decode(_ delivery: Delivery) -> DecodedDelivery {
        switch delivery.kind {
        case .health: HealthReports.decode(delivery)
        case .placement: placement(delivery)
        case .status: status(delivery)
        case .hangup: hangUp(delivery)
        case .webhook: notification(delivery)
        case .poll: .unparsed("unexpected delivery", delivery.kind.rawValue, delivery)
        }
    }

    private func placement(_ delivery: Delivery) -> DecodedDelivery {
        var decoded = PlacementReports(numbers: numbers, notation: .prefixed).decode(delivery, keys: keys)
        let reply = JSONValue.read(delivery.body)?.object
        let shown = ["a_cli", "b_cli"].compactMap { name in
            reply?[name]?.text.flatMap { numbers.party($0, notation: .prefixed).number }
        }
        for index in decoded.facts.indices {
            guard case .call(var call) = decoded.facts[index].content else { continue }
            call.shownNumbers = shown
            decoded.facts[index].content = .call(call)
        }
        return decoded
    }

    /// The reply to a placement names the call.
    private func keys(_ delivery: Delivery) -> (keys: [CallKey], callid: String?, local: Party?) {
        let reply = JSONValue.read(delivery.body)?.object
        guard let callid = reply?["callid"]?.text else { return ([], nil, nil) }
        let local = reply?["a_number"]?.text.map { numbers.party($0, notation: .prefixed) }
        return ([CallKey(delivery.source, "callid", callid)], callid, local)
    }

    private func status(_ delivery: Delivery) -> DecodedDelivery {
        guard let callid = delivery.attributes["callid"] else {
            return .unparsed("status without a callid", "", delivery)
        }
        if delivery.attributes["status"] == "404" {
            let ending = CallFact.Ending(
                cause: Cause(code: "not_found", by: .system, raw: "404"), unanswered: .unknown)
            let why = "the provider no longer knows the call"
            return DecodedDelivery(facts: [fact(.ended(ending), "404", callid, nil, delivery, inference: why)])
        }
        if delivery.attributes["status"] == VoIPGRIDStatus.expired {
            let ending = CallFact.Ending(
                outcome: .unknown, cause: Cause(code: "lost", by: .system), unanswered: .unknown)
            let why = "followed for as long as a call is; the provider reported no end"
            return DecodedDelivery(
                facts: [fact(.ended(ending), VoIPGRIDStatus.expired, callid, nil, delivery, inference: why)])
        }
        guard let reply = JSONValue.read(delivery.body)?.object else {
            return .unparsed("not JSON", "a status reply that is not a JSON object", delivery)
        }
        let word = reply["status"]?.text
        var facts: [Fact] = []
        let step: CallFact.Step
        switch word?.lowercased() {
        // Not set up yet: null, missing and "" are the same (wiki; test of the PHP client).
        case nil, "dialing_a", "confirm": step = .initiated
        case "dialing_b": step = .ringing
        case "connected": step = .connected(nil)
        case "disconnected": step = .ended(CallFact.Ending(unanswered: .unknown))
        // The wiki says failing_, every client reads failed_.
        case "failed_a", "failing_a": step = .ended(ending(.failed, .local, word))
        case "failed_b", "failing_b": step = .ended(ending(.failed, .remote, word))
        case "blacklisted": step = .ended(ending(.blocked, .network, word))
        default:
            step = .remark
            facts.append(.unparsed("unknown status", word ?? "", delivery))
        }
        facts.append(fact(step, word, callid, reply, delivery))
        return DecodedDelivery(facts: facts)
    }

    private func ending(_ outcome: Outcome, _ side: Cause.Side, _ word: String?) -> CallFact.Ending {
        CallFact.Ending(outcome: outcome, cause: Cause(code: word, by: side, raw: word))
    }

    private func fact(
        _ step: CallFact.Step, _ word: String?, _ callid: String, _ reply: [String: JSONValue]?, _ delivery: Delivery,
        inference: String? = nil
    ) -> Fact {
        var call = CallFact(
            reference: .keys([CallKey(delivery.source, "callid", callid)]), step: step, direction: .outbound)
        call.local = reply?["a_number"]?.text.map { numbers.party($0, notation: .prefixed) }
        call.remote = reply?["b_number"]?.text.map { numbers.party($0, notation: .prefixed) }
        call.inference = inference
        call.handle = callid
        // What we found out ourselves is no word of the provider's.
        let words = ProviderWords(event: word == VoIPGRIDStatus.expired ? nil : word, call: callid)
        return Fact(
            id: FactID(of: [delivery.source.description, "status", callid, word ?? ""]), source: delivery.source,
            observed: delivery.observed, words: words, content: .call(call))
    }

    private func hangUp(_ delivery: Delivery) -> DecodedDelivery {
        guard let callid = delivery.attributes["callid"] else {
            return .unparsed("hang-up without a callid", "", delivery)
        }
        let call = CallFact(
            reference: .keys([CallKey(delivery.source, "callid", callid)]), step: .hangUpRequested)
        return DecodedDelivery(
            facts: [
                Fact(
                    id: FactID(of: [delivery.source.description, "hangup", callid]), source: delivery.source,
                    observed: delivery.observed, words: ProviderWords(call: callid), content: .call(call))
            ])
    }
}
