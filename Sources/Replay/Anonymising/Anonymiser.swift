import CallModel
import Providers

/// Takes numbers, names, texts and addresses out of recordings, so that they still replay to the same calls.
///
/// Two passes: what is to be hidden is collected from all of the recording first, because a replacement must be nobody
/// else's number in it. The same input always gets the same replacement within one recording, and another one in the next:
/// the key is drawn for each.
package struct Anonymiser {
    private var numbers: NumberDisguise
    private var texts: TextDisguise
    /// Digits that only the decoder knows to be a number.
    private var known = NumberScanner.Known()
    private let meanings = FieldMeanings()

    /// - Parameter key: random for each recording; a fixed one is for tests.
    package init(key: String = String(UInt64.random(in: .min ... .max), radix: 36)) {
        numbers = NumberDisguise(key: key)
        texts = TextDisguise(key: key)
    }

    package static func anonymised(_ recording: Recording, key: String? = nil) -> Recording {
        var anonymiser = key.map { Anonymiser(key: $0) } ?? Anonymiser()
        var decoders: [SourceName: any RecordableDecoder] = [:]
        for entry in recording.entries {
            switch entry {
            case .settings(let source, let decoder):
                decoders[source] = decoder
                anonymiser.collect(settingsOf: decoder)
            case .lines(let source, let lines):
                let country = decoders[source]?.plan.country
                for line in lines { anonymiser.numbers.note(line, country: country) }
            case .delivery(let delivery): anonymiser.collect(delivery, decoders[delivery.source])
            }
        }
        var result = recording
        decoders = [:]
        result.entries = recording.entries.map { entry in
            switch entry {
            case .settings(let source, let decoder):
                decoders[source] = decoder
                return .settings(source, anonymiser.disguise(decoder))
            case .lines(let source, let lines):
                let country = decoders[source]?.plan.country
                return .lines(source, lines.map { anonymiser.numbers.disguised($0, country: country) })
            case .delivery(let delivery): return .delivery(anonymiser.disguise(delivery, decoders[delivery.source]))
            }
        }
        return result
    }

    // MARK: - Collecting

    private mutating func collect(_ delivery: Delivery, _ decoder: (any RecordableDecoder)?) {
        let country = decoder?.plan.country
        let facts = decoder?.decode(delivery).facts ?? []
        let personal = PersonalTexts(delivery, facts, meanings)
        for text in personal.texts where !Self.isVocabulary(text) { texts.note(text) }
        for account in personal.accounts where account.count >= NumberDisguise.leastDigits {
            known.insert(account)
            numbers.note(account, country: country)
        }
        for fact in facts {
            for number in Self.numbers(fact) { collect(number, country: country) }
        }
        for bytes in [delivery.body] + delivery.attributes.values.map({ Array($0.utf8) }) {
            collectNumbers(bytes, country)
        }
    }

    private mutating func collect(settingsOf decoder: any RecordableDecoder) {
        _ = decoder.replacingNumbers { number in
            collect(number, country: decoder.plan.country)
            return number
        }
    }

    private mutating func collect(_ number: String, country: String?) {
        guard let digits = Self.digitsToHide(number) else { return }
        known.insert(digits.hasPrefix("+") ? String(digits.dropFirst()) : digits)
        numbers.note(digits, country: country)
    }

    private mutating func collectNumbers(_ bytes: [UInt8], _ country: String?) {
        for match in NumberScanner.matches(in: bytes, country: country, known: known) {
            numbers.note(match.digits, country: country)
        }
    }

    /// Words of a protocol that stand in a field for texts; without them the delivery means something else.
    private static func isVocabulary(_ text: String) -> Bool {
        let hidden = NumberPlan(country: nil).party(text, notation: .prefixed).kind == .anonymous
        // `agent_0033199000001_123` names a line (OVH guide, queues): its number is replaced as such.
        return hidden || namesLine(text) || text.count < 2 || text == SecretScrubber.replacement
            || isKeyword(text) || ProtocolWords.contains(text)
    }

    /// One that Keyyo did not replace, `_CALLER_`, which means that nothing is there.
    private static func isKeyword(_ text: String) -> Bool {
        KeyyoParameters.Keyword(spelledLoosely: text) != nil
            || text.hasPrefix("_") && text.hasSuffix("_")
                && text.utf8.allSatisfy { (65...90).contains($0) || $0 == 0x5F }
    }

    private static func namesLine(_ agent: String) -> Bool {
        guard agent.hasPrefix("agent_") else { return false }
        let parts = agent.utf8.dropFirst(6).split(
            separator: UInt8(ascii: "_"), maxSplits: 1, omittingEmptySubsequences: false)
        func isDigits(_ text: Substring.UTF8View) -> Bool { text.allSatisfy { (48...57).contains($0) } }
        guard parts.count == 2 else { return false }
        let line = parts[0].first == UInt8(ascii: "+") ? parts[0].dropFirst() : parts[0]
        return !line.isEmpty && isDigits(line) && isDigits(parts[1])
    }

    /// The digits of a number that leads to somebody; nil of any other.
    private static func digitsToHide(_ number: String) -> String? {
        NumberPlan.digits(of: number).flatMap { $0.count >= NumberDisguise.leastDigits ? $0 : nil }
    }

    private static func numbers(_ fact: Fact) -> [String] {
        switch fact.content {
        case .call(let call):
            PersonalTexts.parties(call).flatMap { [$0.raw, $0.line].compactMap(\.self) }
        case .message(let report): [report.remote?.raw, report.local?.raw].compactMap(\.self)
        case .lineRegistered(let line): [line]
        default: []
        }
    }

    // MARK: - Replacing

    private mutating func disguise(_ delivery: Delivery, _ decoder: (any RecordableDecoder)?) -> Delivery {
        let country = decoder?.plan.country
        var delivery = delivery
        delivery.body = disguise(delivery.body, country)
        for (name, value) in delivery.attributes {
            delivery.attributes[name] = String(decoding: disguise(Array(value.utf8), country), as: UTF8.self)
        }
        return delivery
    }

    private mutating func disguise(_ bytes: [UInt8], _ country: String?) -> [UInt8] {
        var bytes = texts.disguise(bytes)
        for match in NumberScanner.matches(in: bytes, country: country, known: known) {
            var digits = Array(numbers.disguised(match.digits, country: country).utf8)[...]
            if digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
            for (place, digit) in zip(match.places, digits) { bytes[place] = digit }
        }
        return bytes
    }

    private mutating func disguise(_ decoder: any RecordableDecoder) -> any RecordableDecoder {
        decoder.replacingNumbers { number in
            Self.digitsToHide(number).map { numbers.disguised($0, country: decoder.plan.country) } ?? number
        }
    }
}
