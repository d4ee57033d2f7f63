import CallModel

/// Facts from pushed call notifications. Their `call_id` has no published link to the `callid` of a click-to-dial:
/// the two are matched by parties and time, hence `mayBePlaced`.
extension VoIPGRIDDecoder {
    /// No body is refused: nothing would bring it back.
    func notification(_ delivery: Delivery) -> DecodedDelivery {
        let body = DecodedText(Array(TextStart.trimmed(delivery.body)))
        guard let object = JSONValue.read(Array(body.text.utf8))?.object else {
            return .unparsed("not JSON", "a notification that is not a JSON object", delivery)
        }
        guard let notification = VoIPGRIDNotification(object) else {
            return .unparsed("notification without a call_id", "", delivery)
        }
        var facts: [Fact] = []
        let moment = notification.word.flatMap(VoIPGRIDMoment.init)
        if moment == nil {
            facts.append(.unparsed("unknown notification", notification.word ?? "no status", delivery))
        }
        let direction = notification.direction.flatMap { Direction(rawValue: $0.lowercased()) }
        if direction == nil {
            facts.append(.unparsed("unknown direction", notification.direction ?? "no direction", delivery))
        }
        var fact = fact(notification, moment, direction ?? .unknown, delivery)
        if body.isFallback { fact.words.notes.append(.charsetAssumed) }
        facts.append(fact)
        return DecodedDelivery(facts: facts)
    }

    private func fact(
        _ notification: VoIPGRIDNotification, _ moment: VoIPGRIDMoment?, _ direction: Direction, _ delivery: Delivery
    ) -> Fact {
        let step: CallFact.Step =
            switch moment {
            case .created: .initiated
            case .ringing: .ringing
            case .inProgress: .connected(nil)
            case .warmTransfer: transfer(.attended, notification)
            case .coldTransfer: transfer(.blind, notification)
            case .ended: .ended(ending(notification.reason, direction))
            case nil: .remark
            }
        let key = CallKey(delivery.source, "notification", notification.callID)
        var call = CallFact(reference: .keys([key]), step: step, direction: direction)
        call.mayBePlaced = true
        call.isAnswerAfterEnd = true
        call.lineNames = (direction == .inbound ? notification.destination : notification.caller)?.names ?? []
        if direction == .inbound, moment?.isTransfer != true {
            call.mayBeFirstLeg = true
            call.lineNames += notification.targets.prefix(16).flatMap(\.names)
        }
        let caller = notification.caller.flatMap(party)
        let destination = notification.destination.flatMap(party)
        switch direction {
        case .inbound:
            // Without a number he is not known; one who hides it is sent as a word that says so.
            call.remote = caller?.withoutLine
            call.local = moment?.isTransfer == true ? transferred(notification).flatMap(party) : destination
            call.legs = legs(notification, moment)
        case .outbound, .internal:
            call.remote = destination?.withoutLine
            call.local = caller
        case .unknown: call.remote = caller?.withoutLine ?? destination
        }
        let time = notification.timestamp.flatMap { Timestamp(rfc3339: $0) }
        let id = FactID(
            of: [
                delivery.source.description, "notification", notification.callID,
                moment.map { "\($0)" } ?? notification.word ?? "", time.map { "\($0)" } ?? notification.timestamp ?? "",
            ] + notification.devices)
        return Fact(
            id: id, source: delivery.source, observed: delivery.observed, time: time,
            words: ProviderWords(event: notification.word, call: notification.callID), content: .call(call))
    }

    private func party(_ side: VoIPGRIDNotification.Side) -> Party? {
        guard let number = side.number else {
            return side.line ?? side.name == nil ? nil : Party(kind: .unknown, name: side.name, line: side.line)
        }
        return numbers.party(number, notation: .prefixed, name: side.name, line: side.line)
    }

    /// The telephones that ring, and once it is answered the one that did, where it is named.
    private func legs(_ notification: VoIPGRIDNotification, _ moment: VoIPGRIDMoment?) -> [Leg] {
        switch moment {
        case .ringing:
            return notification.targets.map { Leg(line: $0.line ?? identity($0.number), state: .ringing) }
        case .inProgress:
            let answered = notification.targets.count == 1 ? notification.targets.first : notification.destination
            // The number alone is the one that was dialled, and every target's may be the same.
            return answered?.line.map { [Leg(line: $0, state: .connected)] } ?? []
        default: return []
        }
    }

    private func identity(_ number: String?) -> String {
        guard let number else { return "" }
        return numbers.party(number, notation: .prefixed).number ?? number
    }

    /// To whom, only where a telephone is named: the destination's number may be the one that was dialled first.
    private func transfer(_ kind: Transfer.Kind, _ notification: VoIPGRIDNotification) -> CallFact.Step {
        .transferred(Transfer(kind: kind, to: transferred(notification)?.line), leavesUs: false)
    }

    private func transferred(_ notification: VoIPGRIDNotification) -> VoIPGRIDNotification.Side? {
        notification.targets.count == 1 ? notification.targets.first : notification.destination
    }

    private func ending(_ reason: String?, _ direction: Direction) -> CallFact.Ending {
        CallFact.Ending(
            outcome: direction == .outbound ? VoIPGRIDMoment.outcome(of: reason) : nil,
            cause: reason.map { Cause(code: $0.lowercased(), by: .unknown, raw: $0) })
    }
}

extension Party {
    /// Of the other side: a line is ours.
    fileprivate var withoutLine: Party {
        var party = self
        party.line = nil
        return party
    }
}
