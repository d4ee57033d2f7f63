import CallModel
import Providers

/// Takes numbers, names, texts and addresses out of recordings, so that they still replay to the same calls.
///
/// Two passes: what is to be hidden is collected from all of the recording first, because a replacement must be nobody
/// else's number in it. The same input always gets the same replacement within one recording, and another one in the
/// next: the key is drawn for each.
package struct Anonymiser {
    private var numbers: NumberDisguise
    private var texts: TextDisguise
    /// Digits that only the decoder knows to be a number.
    private var known: Set<String> = []
    private let meanings = FieldMeanings()
    /// Words of the events that facts were made of.
    private var words: Set<String> = []
    /// Of the deliveries that nobody can read, by their number, what is hidden in them alone.
    private var locals: [Int: Local] = [:]
    private var deliveries = 0

    private struct Local {
        var texts: TextDisguise
        var numbers: Set<String> = []
    }

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
        anonymiser.spareWords()
        anonymiser.deliveries = 0
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
        for text in personal.texts { OVHAgentName(text).map { collect($0.line, country: country) } }
        noteLocal(personal, country)
        deliveries += 1
        for account in personal.accounts where account.count >= NumberDisguise.leastDigits { know(account, country) }
        for number in personal.numbers { collect(number, country: country) }
        words.formUnion(facts.compactMap { $0.words.event?.lowercased() }.filter { words.count < 4_096 && !$0.isEmpty })
        for fact in facts {
            for number in Self.numbers(fact) { collect(number, country: country) }
        }
        for bytes in [delivery.body] + delivery.attributes.values.map({ Array($0.utf8) }) {
            collectNumbers(bytes, country)
        }
    }

    private mutating func noteLocal(_ personal: PersonalTexts, _ country: String?) {
        guard !personal.localTexts.isEmpty || !personal.localNumbers.isEmpty else { return }
        var local = Local(texts: texts.withoutTexts)
        for text in personal.localTexts where !Self.isVocabulary(text) { local.texts.note(text) }
        let agents = personal.localTexts.compactMap { OVHAgentName($0)?.line }
        for digits in (personal.localNumbers + agents).compactMap(Self.digitsToHide) {
            local.numbers.insert(Self.bare(digits))
            numbers.note(digits, country: country)
        }
        locals[deliveries] = local
    }

    private mutating func collect(settingsOf decoder: any RecordableDecoder) {
        _ = decoder.replacingNumbers { number in
            collect(number, country: decoder.plan.country)
            return number
        }
    }

    private mutating func collect(_ number: String, country: String?) {
        if let digits = Self.digitsToHide(number) { know(digits, country) }
    }

    private mutating func know(_ digits: String, _ country: String?) {
        known.insert(Self.bare(digits))
        numbers.note(digits, country: country)
    }

    private static func bare(_ digits: String) -> String {
        digits.hasPrefix("+") ? String(digits.dropFirst()) : digits
    }

    /// What the recording is made of is not replaced because somebody wrote such a word or is called like it.
    private mutating func spareWords() {
        let parts = words.flatMap { word in
            word.unicodeScalars.split { !TextTree.isWord($0.value) }.map { String($0) }
        }
        texts.spare(words.union(parts).union(meanings.names))
    }

    private mutating func collectNumbers(_ bytes: [UInt8], _ country: String?) {
        for match in NumberScanner.matches(in: bytes, country: country, known: [known]) {
            numbers.note(match.digits, country: country)
        }
    }

    /// Words of a protocol that stand in a field for texts; without them the delivery means something else.
    private static func isVocabulary(_ text: String) -> Bool {
        let hidden = NumberPlan(country: nil).party(text, notation: .prefixed).kind == .anonymous
        // The number in an agent's name is replaced as such.
        return hidden || OVHAgentName(text)?.isNumbersOnly == true || text == SecretScrubber.replacement
            || KeyyoParameters.Keyword(spelledLoosely: text) != nil || text == "_N_" || ProtocolWords.contains(text)
    }

    /// The digits of a number that leads to somebody; nil of any other.
    private static func digitsToHide(_ number: String) -> String? {
        NumberPlan.digits(of: number).flatMap {
            (NumberDisguise.leastDigits...NumberScanner.maximumDigits).contains(bare($0).count) ? $0 : nil
        }
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
        let local = locals.removeValue(forKey: deliveries)
        deliveries += 1
        delivery.body = disguise(delivery.body, country, local)
        for (name, value) in delivery.attributes {
            delivery.attributes[name] = String(decoding: disguise(Array(value.utf8), country), as: UTF8.self)
        }
        return delivery
    }

    private mutating func disguise(_ bytes: [UInt8], _ country: String?, _ local: Local? = nil) -> [UInt8] {
        let bytes = texts.disguise(bytes, with: local?.texts)
        var result: [UInt8] = []
        var index = 0
        let known = [self.known] + [local?.numbers].compactMap(\.self)
        for match in NumberScanner.matches(in: bytes, country: country, known: known) {
            var digits = Array(numbers.disguised(match.digits, country: country).utf8)[...]
            if digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
            for (place, digit) in zip(match.places, digits) {
                result += bytes[index..<place.lowerBound]
                result.append(digit)
                index = place.upperBound
            }
        }
        return result + bytes[index...]
    }

    private mutating func disguise(_ decoder: any RecordableDecoder) -> any RecordableDecoder {
        decoder.replacingNumbers { number in
            Self.digitsToHide(number).map { numbers.disguised($0, country: decoder.plan.country) } ?? number
        }
    }
}
