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
        let text = String(decoding: delivery.body, as: UTF8.self)
        for query in [delivery.attributes["query"] ?? "", text.hasPrefix("{") || text.hasPrefix("<") ? "" : text] {
            for (name, value) in queryParameters(query) where isAccount(name) { found.append(value) }
        }
        for match in text.matches(of: /([A-Za-z_]+)="([0-9]+)"/) where isAccount(String(match.1)) {
            found.append(String(match.2))
        }
        return found.filter { $0.utf8.allSatisfy { (48...57).contains($0) } }
    }

    private static func isAccount(_ name: String) -> Bool {
        ["username", "login", "account", "billing", "idbillingaccount"].contains(
            name.lowercased().filter { $0 != "_" && $0 != "-" })
    }

    private static func named(_ delivery: Delivery) -> [String] {
        var found: [String] = []
        if let json = JSONValue.read(delivery.body) { collect(json, isPersonal: false, &found) }
        let text = String(decoding: delivery.body, as: UTF8.self)
        for query in [delivery.attributes["query"] ?? "", text.hasPrefix("{") || text.hasPrefix("<") ? "" : text] {
            for (name, value) in queryParameters(query) where isPersonal(name) { found.append(value) }
        }
        // Of our own attributes only what a provider said of a refusal is text.
        return found + elements(text) + [delivery.attributes["text"]].compactMap(\.self)
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

    /// The text of XML elements without children.
    private static func elements(_ text: String) -> [String] {
        guard text.contains("</") else { return [] }
        var found: [String] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            let name = String(rest[rest.index(after: open)..<close].prefix { $0 != " " && $0 != "/" })
            let content = rest[rest.index(after: close)...]
            if isPersonal(name), let end = content.firstRange(of: "</\(name)>")?.lowerBound {
                let value = content[..<end]
                if value.hasPrefix("<![CDATA["), value.hasSuffix("]]>") {
                    found.append(String(value.dropFirst(9).dropLast(3)))
                } else if !value.contains("<") {
                    found.append(
                        String(value).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
                            .replacing("&quot;", with: "\"").replacing("&apos;", with: "'").replacing(
                                "&amp;", with: "&"))
                }
            }
            rest = content
        }
        return found
    }

    private static func isPersonal(_ name: String) -> Bool {
        fields.contains(name.lowercased().filter { $0 != "_" && $0 != "-" })
    }
}
