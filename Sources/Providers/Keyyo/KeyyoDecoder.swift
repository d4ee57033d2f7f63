package import CallModel

/// Reads Keyyo line notifications (Keyyo CTI guides 1.0 and 1.5): one HTTP GET each for SETUP, CONNECT and RELEASE,
/// never repeated, in no promised order.
package struct KeyyoDecoder: DeliveryDecoder {
    /// What the configuration of a source says about reading it.
    package struct Settings: Sendable, Hashable {
        package var numbers: NumberPlan
        package var parameters: KeyyoParameters
        /// Without a time in it, the same notification within this window is a repetition, unless the call has
        /// ended in between: without ids the next call of the same two parties begins with the same notification.
        package var duplicateWindow: Span

        /// The line of the source, for notifications that do not name theirs.
        package var account: String?

        package init(
            numbers: NumberPlan, account: String? = nil, parameters: KeyyoParameters = KeyyoParameters(),
            duplicateWindow: Span = .seconds(5)
        ) {
            self.numbers = numbers
            self.account = account
            self.parameters = parameters
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
        case .placement:
            // `OK` names no call: what follows is matched by its numbers.
            PlacementReports(numbers: settings.numbers, notation: .bareCountryCode).decode(delivery) { _ in
                ([], nil, nil)
            }
        case .webhook: notification(delivery)
        case .poll, .status, .hangup: .unparsed("unexpected delivery", delivery.kind.rawValue, delivery)
        }
    }

    private func notification(_ delivery: Delivery) -> DecodedDelivery {
        let fields = KeyyoNotification(query: delivery.attributes["query"] ?? "", parameters: settings.parameters)
        guard let type = fields[.type] else {
            let name = settings.parameters.name(of: .type)
            return .unparsed(
                "no type", "the notification has no type", delivery,
                refusal: "no call type: put \(name)=_N_TYPE_ into the URL")
        }
        guard fields[.account] != nil || fields[.caller] != nil || fields[.callee] != nil else {
            return .unparsed(
                "no parties", "the notification has no account, caller or callee", delivery,
                refusal: "no account, caller or callee: put _ACCOUNT_, _CALLER_ and _CALLEE_ into the URL")
        }
        var facts: [Fact] = []
        if !fields.repeated.isEmpty {
            facts.append(.unparsed("repeated parameter", fields.repeated.joined(separator: ", "), delivery))
        }
        if !fields.misspelled.isEmpty {
            facts.append(.unparsed("keyword not replaced", fields.misspelled.joined(separator: ", "), delivery))
        }
        var word: CallFact.Step?
        switch type.uppercased() {
        case "SETUP", "CONNECT", "RELEASE": break
        default:
            facts.append(.unparsed("unknown type", type, delivery))
            word = .remark
        }
        facts.append(fact(type, fields, word, delivery))
        return DecodedDelivery(facts: facts)
    }

    private func fact(
        _ type: String, _ fields: KeyyoNotification, _ remark: CallFact.Step?, _ delivery: Delivery
    ) -> Fact {
        // Keyyo leaves the caller empty where it is hidden; a URL without the parameter says nothing of it.
        let caller = fields[.caller].map(party) ?? (fields.empty.contains(.caller) ? Party(kind: .anonymous) : nil)
        let callee = fields[.callee].map(party)
        let accountText = fields[.account] ?? settings.account
        let account = accountText.map(party)
        let line = accountText.map(Self.identity) ?? ""
        let isVoicemail = caller?.kind == .voicemail || callee?.kind == .voicemail
        let isPickUp = fields[.dialogReplaced] != nil

        let side = Side(account: account, caller: caller, callee: callee, isPickUp: isPickUp)
        let step: CallFact.Step =
            switch type.uppercased() {
            case _ where remark != nil: .remark
            case "CONNECT": .connected(isVoicemail ? .voicemail : nil)
            case "RELEASE": .ended(CallFact.Ending())
            default: side.direction == .inbound ? .ringing : .initiated
            }

        var call = CallFact(
            reference: reference(fields, line: line, caller: caller, callee: callee, delivery.source), step: step,
            direction: side.direction, remote: side.remote, local: side.local)
        call.mayBePlaced = true
        call.local?.line = line.isEmpty ? nil : account?.number ?? line
        if side.direction == .unknown, caller != nil { call.dialed = callee }
        let dialog = fields[.dialog]
        let replaced = fields[.dialogReplaced]
        // Others take a dialogue over from their own accounts: its name is not scoped to one.
        call.dialog = dialog.map { CallKey(delivery.source, "dialog", $0) }
        call.replaces = replaced.map { CallKey(delivery.source, "dialog", $0) }
        // The dialogue that is taken over names the session, so that both sides find each other in either order.
        call.session =
            fields[.session].map { sessionName(delivery.source, "session", $0) }
            ?? (replaced ?? dialog).map { sessionName(delivery.source, "dref", $0) }
        call.divertedBy = fields[.redirecting].map(party)

        let time = time(fields)
        let occurrence: String
        if let time, time.isPlausible(at: delivery.observed) {
            occurrence = "\(time)"
        } else if fields[.callReference] != nil || dialog != nil {
            occurrence = window(delivery.observed)
        } else {
            // Whether it is a repetition is for the tracker to say, which knows what came between.
            occurrence = "at \(delivery.observed)"
            call.repeatsWithin = settings.duplicateWindow
        }
        let id = FactID(
            of: [
                delivery.source.description, line, fields[.callReference] ?? "", dialog ?? "",
                fields[.session] ?? "", fields[.caller] ?? "", isVoicemail ? "" : fields[.callee] ?? "",
                type.uppercased(), occurrence,
            ])
        var words = ProviderWords(
            event: type, call: fields[.callReference], dialog: dialog, replaces: replaced, session: fields[.session])
        if fields[.viaReception] == "1" { words.notes.append(.viaReceptionNumber) }
        return Fact(
            id: id, source: delivery.source, observed: delivery.observed, time: time, words: words,
            content: .call(call))
    }

    /// `callref` if present, else `dref`, per account; both are learnt. Without either a call is known by its parties.
    private func reference(
        _ fields: KeyyoNotification, line: String, caller: Party?, callee: Party?, _ source: SourceName
    ) -> CallFact.Reference {
        var keys: [CallKey] = []
        if let reference = fields[.callReference] { keys.append(CallKey(source, "callref", line, reference)) }
        if let dialog = fields[.dialog] { keys.append(CallKey(source, "dref", line, dialog)) }
        guard keys.isEmpty else { return .keys(keys) }
        func identity(_ party: Party?) -> String? {
            // The mailbox's number stands in for a line's: it identifies nothing.
            party?.kind == .voicemail ? nil : party.map { $0.number ?? $0.raw ?? "" }
        }
        return .parties(
            line: "\(source) \(line)", caller: caller == nil ? "" : identity(caller),
            callee: callee == nil ? "" : identity(callee))
    }

    func party(_ raw: String) -> Party {
        settings.numbers.party(raw, notation: .bareCountryCode)
    }

    /// The account is written without `+`; with one it is the same line.
    private static func identity(_ account: String) -> String {
        guard let digits = NumberPlan.digits(of: account) else { return account }
        return digits.hasPrefix("+") ? String(digits.dropFirst()) : digits
    }

    /// `tsms` has 13 digits, some send 10 (seconds).
    private func time(_ fields: KeyyoNotification) -> Timestamp? {
        guard let text = fields[.time], text.allSatisfy(\.isNumber), let value = Int64(text) else { return nil }
        return switch text.count {
        case 13: Timestamp(milliseconds: value)
        case 10: Timestamp(milliseconds: value * 1_000)
        default: nil
        }
    }

    private func window(_ observed: Timestamp) -> String {
        "w\(observed.milliseconds.flooredDivision(by: max(1, settings.duplicateWindow.milliseconds)))"
    }
}

/// Which of the parties of a notification is ours.
private struct Side {
    let direction: Direction
    let local: Party?
    let remote: Party?

    init(account: Party?, caller: Party?, callee: Party?, isPickUp: Bool) {
        func isAccount(_ party: Party?) -> Bool {
            guard let party, let account else { return false }
            return party.isSameSubscriber(as: account)
        }
        if isPickUp, isAccount(caller) || !isAccount(callee) {
            // Guide 1.5, p. 10: the colleague who takes the call is CALLER, the outside caller is CALLEE; the guide's
            // example has an account that is neither.
            direction = .inbound
            local = caller
            remote = callee
        } else {
            switch (isAccount(caller), isAccount(callee)) {
            case (true, true):
                direction = .internal
                local = caller
                remote = callee
            case (true, false):
                direction = .outbound
                local = caller
                remote = callee
            case (false, true):
                direction = .inbound
                local = callee
                remote = caller
            case (false, false):
                direction = .unknown
                local = account
                remote = caller ?? callee
            }
        }
    }
}
