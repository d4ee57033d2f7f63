package import CallModel

/// Reads what comes of the Orange API of 2010: the answers to our requests, the notifications of conferences and the
/// messages that come in (the guide, and public clients where it is silent).
///
/// Nothing tells when a called phone rings, answers or hangs up, so nothing of that is made up: a call that was asked
/// for ends by its release, by a notification of a compatible server, or unknown by its age.
package struct OrangeDecoder: DeliveryDecoder {
    /// What the configuration of a source says about reading it.
    package struct Settings: Sendable, Hashable {
        package var numbers: NumberPlan
        package var notifications: OrangeNotifications
        package var history: OrangeHistory
        /// The same text from the same sender within this time is a repetition; nil: never, because somebody may well
        /// send one word twice.
        package var duplicateWindow: Span?

        package init(
            numbers: NumberPlan, notifications: OrangeNotifications = OrangeNotifications(),
            history: OrangeHistory = OrangeHistory(), duplicateWindow: Span? = nil
        ) {
            self.numbers = numbers
            self.notifications = notifications
            self.history = history
            self.duplicateWindow = duplicateWindow
        }
    }

    package let settings: Settings

    package init(settings: Settings) {
        self.settings = settings
    }

    package func decode(_ delivery: Delivery) -> DecodedDelivery {
        switch delivery.kind {
        case .health: HealthReports.decode(delivery)
        case .placement: placement(delivery)
        case .hangup: release(delivery)
        case .status: history(delivery)
        case .webhook: webhook(delivery)
        case .poll: .unparsed("unexpected delivery", delivery.kind.rawValue, delivery)
        }
    }

    // MARK: - Calls we asked for

    private func placement(_ delivery: Delivery) -> DecodedDelivery {
        // A conference is no call; whoever asked for it was told.
        if delivery.attributes["order"] != nil { return DecodedDelivery(facts: []) }
        if let id = delivery.attributes["call"], OrangeReports.isMessage(id) { return sent(id, delivery) }
        let callID = OrangeReply(delivery.body).callID
        var decoded = PlacementReports(numbers: settings.numbers, notation: .prefixed).decode(delivery) { delivery in
            (callID.map { [CallKey(delivery.source, "callid", $0)] } ?? [], callID, nil)
        }
        let conference = delivery.attributes["conference"]
        let remaining = delivery.attributes["remaining"].flatMap { Int64($0) }
        for index in decoded.facts.indices {
            guard case .call(var call) = decoded.facts[index].content else { continue }
            // Its notifications name it as we do, or by the provider's id.
            call.mayBePlaced = false
            call.session = conference.map { sessionName(delivery.source, "conference", $0) }
            call.lasts = remaining.map { Span(milliseconds: max(0, $0)) }
            if case .ended(var ending) = call.step, delivery.attributes["result"] != "unfit" {
                ending.cause = cause(delivery)
                call.step = .ended(ending)
            }
            decoded.facts[index].words.session = conference
            decoded.facts[index].content = .call(call)
        }
        return decoded
    }

    func cause(_ delivery: Delivery) -> Cause {
        Cause(code: delivery.attributes["status"] ?? "refused", by: .network, raw: delivery.attributes["text"])
    }

    private func release(_ delivery: Delivery) -> DecodedDelivery {
        guard let callID = delivery.attributes["callid"] else {
            return .unparsed("release without a callid", "", delivery)
        }
        let result = delivery.attributes["result"] ?? "accepted"
        var identity = [delivery.source.description, "release", callID, result]
        let step: CallFact.Step
        var word = "releaseCall"
        if result == "accepted" {
            step = .ended(CallFact.Ending(cause: Cause(code: "released", by: .local), unanswered: .unknown))
        } else {
            // The call goes on, as far as anybody knows.
            step = .remark
            word += " \(result)" + (delivery.attributes["status"].map { " \($0)" } ?? "")
            identity.append("\(delivery.observed)")
        }
        let call = CallFact(
            reference: .keys([CallKey(delivery.source, "callid", callID)]), step: step, direction: .outbound)
        return DecodedDelivery(
            facts: [
                Fact(
                    id: FactID(of: identity), source: delivery.source, observed: delivery.observed,
                    words: ProviderWords(event: word, call: callID), content: .call(call))
            ])
    }

    // MARK: - Messages we sent

    private func sent(_ message: String, _ delivery: Delivery) -> DecodedDelivery {
        let result = delivery.attributes["result"] ?? ""
        let status: MessageReport.Status =
            switch result {
            case "accepted": .accepted
            case "refused", "barred", "unfit": .failed
            default: .unknown
            }
        var report = MessageReport(message: message, medium: "sms", kind: .status(status))
        report.remote = delivery.attributes["to"].map { settings.numbers.party($0, notation: .prefixed) }
        report.local = delivery.attributes["from"].map { settings.numbers.party($0, notation: .prefixed) }
        switch status {
        case .failed where result == "unfit":
            report.cause = Cause(code: result, by: .local, raw: delivery.attributes["text"])
        case .failed: report.cause = cause(delivery)
        case .unknown:
            report.cause = Cause(code: "result_unknown", by: .system, raw: delivery.attributes["text"])
        default: break
        }
        return DecodedDelivery(
            facts: [
                Fact(
                    id: FactID(of: [delivery.source.description, "message", message, result]),
                    source: delivery.source, observed: delivery.observed,
                    words: ProviderWords(call: OrangeReply(delivery.body).callID), content: .message(report))
            ])
    }

    private func history(_ delivery: Delivery) -> DecodedDelivery {
        guard let message = delivery.attributes["message"] else {
            return .unparsed("history without a message", "", delivery)
        }
        guard let word = OrangeReply(delivery.body).word(inElements: settings.history.elements) else {
            return .unparsed("history without a status", "no element that is known to hold one", delivery)
        }
        let status = settings.history.status(of: word)
        let report = MessageReport(message: message, medium: "sms", kind: .status(status))
        var facts: [Fact] = []
        if status == .unknown { facts.append(.unparsed("unknown message status", word, delivery)) }
        facts.append(
            Fact(
                id: FactID(of: [delivery.source.description, "history", message, word]), source: delivery.source,
                observed: delivery.observed,
                words: ProviderWords(event: word, call: delivery.attributes["callid"]), content: .message(report)))
        return DecodedDelivery(facts: facts)
    }
}
