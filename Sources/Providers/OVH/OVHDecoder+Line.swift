import CallModel

/// Events of a line: OVH guide for `start_ringing`, `end_ringing`, `start_calling`, `end_calling`, `registered`;
/// `start_hold` and `end_hold` are values of OVH's REST enumeration `RealtimeEventType`.
extension OVHDecoder {
    func decodeLine(_ event: OVHEvent, _ delivery: Delivery) -> [Fact] {
        guard let word = event.word else { return [.unparsed("event without a name", "", delivery)] }
        let resource = event.resource ?? event["Billing"]
        guard let resource else { return [.unparsed("event without a resource", word, delivery)] }
        if word == "registered" { return registered(event, resource, delivery) }

        let callID = event["CallId"]
        var facts: [Fact] = []
        let step: CallFact.Step
        switch word {
        case "start_ringing": step = .ringing
        case "end_ringing": step = .ringingStopped
        case "start_calling": step = .connected(nil)
        case "end_calling": step = .ended(CallFact.Ending())
        case "start_hold": step = .held
        case "end_hold": step = .resumed
        default:
            step = .remark
            facts.append(.unparsed("unknown event", word, delivery))
            if callID == nil { return facts }
        }

        let line = identity(resource)
        let (direction, local, remote) = parties(event, resource: resource)
        let reference: CallFact.Reference =
            if let callID {
                .keys([CallKey(delivery.source, "line", line, callID)])
            } else {
                .parties(
                    line: "\(delivery.source) \(line)", caller: event["Calling"].map(identity),
                    callee: event["Called"].map(identity))
            }
        var call = CallFact(reference: reference, step: step, direction: direction, remote: remote, local: local)
        // One CallId on two lines: both parties are customers of OVH, and the two calls are one session.
        call.session = callID.map { sessionName(delivery.source, "line", $0) }
        call.dialed = party(event["Dialed"])
        let id = FactID(
            of: [
                delivery.source.description, "line", line, callID ?? "", word,
                event.time.map { "\($0)" } ?? "\(delivery.observed)",
            ])
        facts.append(
            Fact(
                id: id, source: delivery.source, observed: delivery.observed, time: event.time,
                words: ProviderWords(event: word, call: callID), content: .call(call)))
        return facts
    }

    /// `Called` is our line: inbound. `Calling` is: outbound. Where neither says so, a missing side is taken to be our
    /// line, as OVH's own demonstration does.
    private func parties(_ event: OVHEvent, resource: String) -> (Direction, Party?, Party?) {
        let line = identity(resource)
        let local = party(resource, name: event.top["details"]?.object?["Description"]?.text, line: line)
        let called = event["Called"]
        let calling = event["Calling"]
        let isCalled = called.map { identity($0) == line }
        let isCalling = calling.map { identity($0) == line }
        switch (isCalled, isCalling) {
        case (true, true): return (.internal, local, local)
        case (true, false): return (.inbound, local, party(calling))
        case (true, nil): return (.inbound, local, nil)
        case (false, true): return (.outbound, local, party(called))
        case (nil, true): return (.outbound, local, nil)
        case (nil, false): return (.inbound, local, party(calling))
        case (false, nil): return (.outbound, local, party(called))
        case (false, false): return (.unknown, local, party(calling))
        case (nil, nil): return (.unknown, local, nil)
        }
    }

    private func registered(_ event: OVHEvent, _ resource: String, _ delivery: Delivery) -> [Fact] {
        guard settings.tellsRegistrations else { return [] }
        let line = identity(resource)
        return [
            Fact(
                id: FactID(
                    of: [delivery.source.description, "registered", line, event.time.map { "\($0)" } ?? ""]),
                source: delivery.source, observed: delivery.observed,
                time: event.time, words: ProviderWords(event: "registered"),
                content: .lineRegistered(line: line))
        ]
    }
}
