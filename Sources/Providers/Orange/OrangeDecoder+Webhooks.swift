import CallModel

extension OrangeDecoder {
    /// What the provider, or a compatible server, sends us: a message, or the notification of a conference. Always
    /// answered 200: a refusal would bring nothing back.
    func webhook(_ delivery: Delivery) -> DecodedDelivery {
        let hook = OrangeWebhook(delivery)
        let names = settings.notifications
        if hook.markedCall != nil || hook.word(names.call) != nil { return notification(hook, delivery) }
        if hook["from"] != nil || hook["content"] != nil { return message(hook, delivery) }
        if hook.hasStrangeBody { return .unparsed("unexpected body", "neither parameters nor a form", delivery) }
        let seenNames = hook.parameters.prefix(20).map(\.name).joined(separator: ", ")
        return .unparsed("unknown request", seenNames.isEmpty ? "no parameters" : seenNames, delivery)
    }

    // MARK: - Notifications

    private func notification(_ hook: OrangeWebhook, _ delivery: Delivery) -> DecodedDelivery {
        let names = settings.notifications
        let callID = hook.word(names.call)
        let conference = hook.word(names.conference)
        let word = hook.word(names.state)
        var keys: [CallKey] = []
        if let call = hook.markedCall { keys.append(CallKey(delivery.source, "placement", call)) }
        if let callID { keys.append(CallKey(delivery.source, "callid", callID)) }

        var facts: [Fact] = []
        let meaning = word.flatMap { names.words[$0.lowercased()] }
        if meaning == nil {
            facts.append(.unparsed("unknown notification", word ?? "no configured name for its state", delivery))
        }
        var call = CallFact(
            reference: .keys(keys), step: step(meaning, word), direction: .outbound)
        call.session = conference.map { sessionName(delivery.source, "conference", $0) }
        var identity = [delivery.source.description, "notification", hook.markedCall ?? "", hook.text]
        // Without our own name of the call the provider's may be used for another one later.
        if hook.markedCall == nil {
            identity.append("day \(delivery.observed.milliseconds / Span.days(1).milliseconds)")
        }
        var words = ProviderWords(event: word ?? hook.text, call: callID, session: conference)
        if hook.parameters.contains(where: \.value.isFallback) { words.notes.append(.charsetAssumed) }
        facts.append(
            Fact(
                id: FactID(of: identity), source: delivery.source, observed: delivery.observed, words: words,
                content: .call(call)))
        return DecodedDelivery(facts: facts)
    }

    private func step(_ meaning: OrangeNotifications.Meaning?, _ word: String?) -> CallFact.Step {
        let cause = Cause(code: word?.lowercased(), raw: word)
        return switch meaning {
        case nil, .state(.queued): .remark
        case .state(.initiated): .initiated
        case .state(.ringing): .ringing
        case .state(.connected): .connected(nil)
        case .state(.held): .held
        case .state(.ended): .ended(CallFact.Ending(cause: cause, unanswered: .unknown))
        case .ended(let outcome): .ended(CallFact.Ending(outcome: outcome, cause: cause, unanswered: .unknown))
        }
    }

    // MARK: - Messages

    /// No id and no time come with a message, so that each one is another, unless a window for repetitions is set.
    /// `api` is not looked at but to tell an MMS: receivers in use disagree about its value.
    private func message(_ hook: OrangeWebhook, _ delivery: Delivery) -> DecodedDelivery {
        guard let from = hook.word("from"), let content = hook["content"] else {
            let missing = hook.word("from") == nil ? "from" : "content"
            return .unparsed("incomplete message", "no \(missing)", delivery)
        }
        var facts: [Fact] = []
        if !hook.repeated.isEmpty {
            let names = hook.repeated.prefix(20).joined(separator: ", ")
            facts.append(.unparsed("repeated parameter", names, delivery))
        }
        let to = hook.word("to")
        let isMMS =
            hook.word(OrangeWebhook.mediumMarker)?.lowercased() == "mms"
            || hook.word("api")?.lowercased().contains("mms") == true
        let medium = isMMS ? "mms" : "sms"
        let parts = [delivery.source.description, medium, from, to ?? "", content.text]
        let occurrence = parts + ["\(delivery.observed)"]
        var report = MessageReport(
            message: "m" + digest(of: ["message"] + occurrence, bytes: 10), medium: medium,
            kind: .received(
                text: content.text.isEmpty ? nil : content.text, keyword: Self.keyword(of: content.text), replyTo: nil))
        report.remote = settings.numbers.party(from, notation: .bareCountryCode)
        report.local = to.map { settings.numbers.party($0, notation: .bareCountryCode) }
        if let window = settings.duplicateWindow {
            report.repetition = .init(key: digest(of: parts, bytes: 16), window: window)
        }
        var words = ProviderWords(event: hook.word("api"))
        if [hook["from"], hook["to"], content].contains(where: { $0?.isFallback == true }) {
            words.notes.append(.charsetAssumed)
        }
        facts.append(
            Fact(
                id: FactID(of: ["received"] + occurrence), source: delivery.source, observed: delivery.observed,
                words: words, content: .message(report)))
        return DecodedDelivery(facts: facts)
    }

    /// The text up to its first white space of any kind, no-break spaces and tabs included; nil where there is none.
    static func keyword(of text: String) -> String? {
        let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }.prefix { !$0.properties.isWhitespace }
        return scalars.isEmpty ? nil : String(String.UnicodeScalarView(scalars))
    }
}
