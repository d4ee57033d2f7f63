import CallModel
import Providers

/// Finds the texts about people in a delivery: those the decoder made something of, and those in fields of which the name
/// says so.
enum PersonalTexts {
    /// In JSON, a query, a form or XML; compared in lower case, without `_` and `-`.
    private static let fields: Set<String> = [
        "name", "names", "firstname", "lastname", "fullname", "displayname", "display", "callername", "callingname",
        "calledname", "calleename", "contactname", "username", "cidname", "queuemembercidname", "company", "email",
        "emails", "useremail", "useremails", "mail", "address", "text", "sms", "smstext", "content", "subject",
        "comment",
        "description", "login", "contact", "info", "keyword", "sender", "message", "msg", "nom", "prenom", "societe",
        "agent", "queueagent",
    ]

    static func of(_ delivery: Delivery, _ facts: [Fact]) -> [String] {
        facts.flatMap(texts) + named(delivery)
    }

    private static func texts(_ fact: Fact) -> [String] {
        switch fact.content {
        case .call(let call): parties(call).flatMap(texts)
        case .message(let report):
            switch report.kind {
            case .received(let text, let keyword, _):
                [text, keyword].compactMap(\.self) + [report.remote, report.local].compactMap(\.self).flatMap(texts)
            case .status: [report.remote, report.local].compactMap(\.self).flatMap(texts)
            }
        default: []
        }
    }

    /// What a party is called, also where a provider puts that in the place of the number.
    private static func texts(_ party: Party) -> [String] {
        [party.name, party.kind == .email || party.kind == .unknown ? party.raw : nil].compactMap(\.self)
    }

    static func parties(_ call: CallFact) -> [Party] {
        [call.remote, call.local, call.dialed, call.divertedBy].compactMap(\.self)
    }

    /// The names under which the sender has accounts, where they are digits alone.
    static func accounts(_ delivery: Delivery) -> [String] {
        var found: [String] = []
        func collect(_ json: JSONValue) {
            switch json {
            case .array(let items): items.forEach(collect)
            case .object(let members):
                for (name, value) in members {
                    if isAccount(name), let text = value.text { found.append(text) } else { collect(value) }
                }
            default: break
            }
        }
        if let json = JSONValue.read(delivery.body) { collect(json) }
        for (name, value) in parameters(delivery) where isAccount(name) { found.append(value) }
        found += MarkupTexts.numbers(in: delivery.body, ofAttributes: isAccount)
        return found.filter { $0.utf8.allSatisfy { (48...57).contains($0) } }
    }

    /// Of the query and of a body that is a form.
    private static func parameters(_ delivery: Delivery) -> [(name: String, value: String)] {
        let isForm = ![UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "<")].contains(
            TextStart.trimmed(delivery.body).first)
        return queryParameters(delivery.attributes["query"] ?? "")
            + (isForm ? queryParameters(String(decoding: delivery.body, as: UTF8.self)) : [])
    }

    private static func isAccount(_ name: String) -> Bool {
        ["username", "login", "account", "billing", "idbillingaccount"].contains(
            name.lowercased().filter { $0 != "_" && $0 != "-" })
    }

    private static func named(_ delivery: Delivery) -> [String] {
        var found: [String] = []
        if let json = JSONValue.read(delivery.body) { collect(json, isPersonal: false, &found) }
        for (name, value) in parameters(delivery) where isPersonal(name) { found.append(value) }
        found += MarkupTexts.texts(in: delivery.body, ofElements: isPersonal)
        // Of our own attributes only what a provider said of a refusal is text.
        return found + [delivery.attributes["text"]].compactMap(\.self)
    }

    private static func collect(_ json: JSONValue, isPersonal: Bool, _ found: inout [String]) {
        switch json {
        case .string(let text): if isPersonal { found.append(text) }
        case .array(let items): items.forEach { collect($0, isPersonal: isPersonal, &found) }
        case .object(let members):
            for (name, value) in members {
                // A group of fields may have the name of one of them.
                let isGroup = if case .object = value { true } else { false }
                let isList = if case .array(let items) = value { items.contains { $0.object != nil } } else { false }
                collect(value, isPersonal: !isGroup && !isList && self.isPersonal(name), &found)
            }
        default: break
        }
    }

    private static func isPersonal(_ name: String) -> Bool {
        fields.contains(name.lowercased().filter { $0 != "_" && $0 != "-" })
    }
}
