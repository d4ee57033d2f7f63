package import CallModel
package import Providers

/// Reads what a pigeon brings: one POST of one JSON object for each state of a call (pigeon post, handbook, page 3).
///
///     {"call": "p-17", "state": "ringing", "from": "+33639980017", "to": "0199000001", "at": 1795253400.125}
package struct PigeonDecoder: DeliveryDecoder {
    let numbers: NumberPlan
    /// The number of our line, as it was configured.
    let loft: String

    package init(numbers: NumberPlan, loft: String) {
        self.numbers = numbers
        self.loft = loft
    }

    package func decode(_ delivery: Delivery) -> DecodedDelivery {
        switch delivery.kind {
        case .health: HealthReports.decode(delivery)
        case .webhook: message(delivery)
        case .poll, .status, .placement, .hangup: .unparsed("unexpected delivery", delivery.kind.rawValue, delivery)
        }
    }

    private func message(_ delivery: Delivery) -> DecodedDelivery {
        guard let message = JSONValue.read(delivery.body)?.object else {
            return .unparsed("not JSON", "a message that is no JSON object", delivery, refusal: "not a JSON object")
        }
        guard let call = message["call"]?.text, let state = message["state"]?.text else {
            return .unparsed("no call", "a message without call or state", delivery, refusal: "no call or no state")
        }
        var facts: [Fact] = []
        let step: CallFact.Step
        switch state {
        case "ringing": step = .ringing
        case "talking": step = .connected(nil)
        case "over": step = .ended(CallFact.Ending())
        default:
            // Passed on, and counted: a pigeon may learn a word before we do.
            step = .remark
            facts.append(.unparsed("unknown state", state, delivery))
        }
        let caller = message["from"].map { numbers.party($0.text, notation: .prefixed) }
        let callee = message["to"].map { numbers.party($0.text, notation: .prefixed) }
        let ours = numbers.party(loft, notation: .prefixed)
        let isOutbound = caller?.isSameSubscriber(as: ours) == true
        let content = CallFact(
            reference: .keys([CallKey(delivery.source, "call", call)]), step: step,
            direction: isOutbound ? .outbound : .inbound, remote: isOutbound ? callee : caller, local: ours)
        facts.append(
            Fact(
                // Of what was sent and nothing else: the same message again is the same fact.
                id: FactID(of: [delivery.source.description, call, state]), source: delivery.source,
                observed: delivery.observed,
                time: message["at"]?.secondsInMilliseconds.map(Timestamp.init(milliseconds:)),
                words: ProviderWords(event: state, call: call), content: .call(content)))
        return DecodedDelivery(facts: facts)
    }
}
