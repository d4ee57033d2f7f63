import CallModel
import Providers

/// Finds the texts about people in a delivery, and the numbers that do not look like any: those the decoder made
/// something of, and those in fields of which the name says so, whether the body can be read or not.
///
/// What a reader of JSON, XML or a query takes for one text is found as one, so that nothing of what holds the texts is
/// replaced with them.
struct PersonalTexts {
    /// To be hidden wherever they stand.
    private(set) var texts: [String] = []
    /// Out of a body that nobody can read, where half of what is found may be what holds the texts: to be hidden there.
    private(set) var localTexts: [String] = []
    /// Digits of fields that are for a number, and the same of a body that nobody can read.
    private(set) var numbers: [String] = []
    private(set) var localNumbers: [String] = []
    /// The names under which the sender has accounts, where they are digits alone.
    private(set) var accounts: [String] = []

    private let meanings: FieldMeanings
    private var isLocal = false

    init(_ delivery: Delivery, _ facts: [Fact], _ meanings: FieldMeanings) {
        self.meanings = meanings
        // What something was made of is made of the words of a protocol.
        let isRead = !facts.isEmpty && !facts.contains { if case .unparsed = $0.content { true } else { false } }
        meanings.takesNames = isRead
        // Of our own attributes only what a provider said of a refusal is text.
        texts = facts.flatMap(Self.texts) + [delivery.attributes["text"]].compactMap(\.self)
        collect(query: delivery.attributes["query"] ?? "")
        collect(quoted: delivery.attributes["content-type"] ?? "")
        collect(body: delivery.body, isRead: isRead)
    }

    // MARK: - Of facts

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

    // MARK: - Of fields

    private mutating func collect(body: [UInt8], isRead: Bool) {
        switch TextStart.trimmed(body).first {
        case UInt8(ascii: "<"):
            isLocal = !isRead
            collect(markup: body)
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "'"):
            if JSONValue.read(body) != nil {
                JSONTexts.find(in: decodeText(body), meanings) { collect($0, $1) }
            } else {
                // Nothing was made of it, and it may be written in any way.
                isLocal = true
                collect(loose: body)
            }
            collect(elements: body, areFields: false)
        default:
            isLocal = !isRead
            collect(query: String(decoding: body, as: UTF8.self))
            collect(elements: body, areFields: false)
        }
    }

    private mutating func collect(markup body: [UInt8]) {
        var naming: (tag: Int, text: String, own: FieldMeaning)?
        func flush(_ texts: inout PersonalTexts) {
            if let text = naming { texts.collect(text.text, text.own) }
            naming = nil
        }
        for (tag, name, value) in MarkupTexts.attributes(in: body) {
            let meaning = meanings.meaning(ofField: name)
            if naming.map({ $0.tag != tag }) == true { flush(&self) }
            if meaning.namesValue, meanings[value].isPersonal {
                flush(&self)
                naming = (tag, value, meaning)
            } else if meaning.isValue, let named = naming {
                collect(value, meanings[named.text])
                naming = nil
            } else {
                collect(value, meaning)
            }
        }
        flush(&self)
        collect(elements: body, areFields: true)
    }

    /// - Parameter areFields: the elements are the body's own, not quoted in a text.
    private mutating func collect(elements body: [UInt8], areFields: Bool) {
        let meanings = meanings
        func meaning(_ name: String) -> FieldMeaning {
            areFields ? meanings.meaning(ofField: name) : meanings[name]
        }
        for (name, text) in MarkupTexts.texts(in: body, isGroup: { meaning($0).isGroup }) {
            collect(text, meaning(name))
        }
    }

    private mutating func collect(loose body: [UInt8]) {
        WrittenText.readings(of: body) { written in
            LooseTexts.find(in: written.scalars, meanings) { take($0, $1) }
        }
    }

    private mutating func collect(query: String) {
        for (name, value) in queryParameters(query) {
            if value.isEmpty { collect(quoted: name) } else { collect(value, meanings.meaning(ofField: name)) }
        }
    }

    private mutating func collect(_ text: String, _ meaning: FieldMeaning) {
        if meaning.isPersonal { take(text, meaning) }
        if !meaning.isText { collect(quoted: text) }
    }

    /// A text may hold fields again.
    private mutating func collect(quoted text: String) {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }) else { return }
        LooseTexts.find(in: text.unicodeScalars.map(\.value), meanings) { take($0, $1) }
    }

    private mutating func take(_ text: String, _ meaning: FieldMeaning) {
        if meaning.isText || meaning.isParty && NumberPlan.digits(of: text) == nil {
            let found = Self.besideResults(text)
            if isLocal { localTexts += found } else { texts += found }
        }
        if meaning.isParty {
            let found =
                [NumberPlan.digits(of: text)].compactMap(\.self)
                + text.split { !$0.isASCII || !$0.isNumber }.map(String.init)
            if isLocal { localNumbers += found } else { numbers += found }
        }
        if meaning.isAccount, !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) { accounts.append(text) }
    }

    /// A remark of SFR's may hold the result of a call, `CRA_VOCAL_BUSY` (API guide 1.7, 5.4.3), which stays.
    private static func besideResults(_ text: String) -> [String] {
        guard text.contains("_") else { return [text] }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        return words.split { $0.uppercased().hasPrefix("CRA_") }.map { $0.joined(separator: " ") }
    }
}
