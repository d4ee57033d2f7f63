import CallModel
import Providers

/// Finds the texts about people in a delivery: those the decoder made something of, and those in fields of which the name
/// says so, whether the body can be read or not.
///
/// What a reader of JSON, XML or a query takes for one text is found as one, so that nothing of what holds the texts is
/// replaced with them.
struct PersonalTexts {
    private(set) var texts: [String] = []
    /// The names under which the sender has accounts, where they are digits alone.
    private(set) var accounts: [String] = []

    private let meanings: FieldMeanings

    init(_ delivery: Delivery, _ facts: [Fact], _ meanings: FieldMeanings) {
        self.meanings = meanings
        // Of our own attributes only what a provider said of a refusal is text.
        texts = facts.flatMap(Self.texts) + [delivery.attributes["text"]].compactMap(\.self)
        collect(query: delivery.attributes["query"] ?? "")
        collect(body: delivery.body)
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

    private mutating func collect(body: [UInt8]) {
        switch TextStart.trimmed(body).first {
        case UInt8(ascii: "<"):
            for (name, value) in MarkupTexts.attributes(in: body) { collect(value, meanings[name]) }
            for text in MarkupTexts.texts(in: body, ofElements: { !meanings[$0].isPersonal }) {
                collect(quoted: text)
            }
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "'"):
            if JSONValue.read(body) != nil {
                JSONTexts.find(in: decodeText(body), meanings) { collect($0, $1) }
            } else {
                // Nothing was made of it, and it may be written in any way.
                WrittenText.readings(of: body) { written in
                    LooseTexts.find(in: written.scalars, meanings) { take($0, $1) }
                }
            }
        default: collect(query: String(decoding: body, as: UTF8.self))
        }
        texts += MarkupTexts.texts(in: body) { meanings[$0].isText }
    }

    private mutating func collect(query: String) {
        for (name, value) in queryParameters(query) {
            collect(value.isEmpty ? name : value, meanings[value.isEmpty ? "" : name])
        }
    }

    private mutating func collect(_ text: String, _ meaning: FieldMeaning) {
        if meaning.isText { take(text, meaning) } else { collect(quoted: text) }
        if meaning.isPersonal, !meaning.isText { take(text, meaning) }
    }

    /// A text may hold fields again.
    private mutating func collect(quoted text: String) {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }) else { return }
        LooseTexts.find(in: text.unicodeScalars.map(\.value), meanings) { take($0, $1) }
    }

    private mutating func take(_ text: String, _ meaning: FieldMeaning) {
        if meaning.isText || meaning.isParty && NumberPlan.digits(of: text) == nil { texts += Self.besideResults(text) }
        if meaning.isAccount, !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) { accounts.append(text) }
    }

    /// A remark of SFR's may hold the result of a call, `CRA_VOCAL_BUSY` (API guide 1.7, 5.4.3), which stays.
    private static func besideResults(_ text: String) -> [String] {
        guard text.contains("_") else { return [text] }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        return words.split { $0.uppercased().contains("CRA_") }.map { $0.joined(separator: " ") }
    }
}
