/// Makes one E.164 number of the several ways in which a provider writes it.
///
/// Numbers are kept as text and only ever lengthened by rule: a number of which the rules are not certain stays
/// without `number`, so that a screen-pop never looks up somebody else.
package struct NumberPlan: Sendable, Hashable, Codable {
    /// ISO 3166-1 alpha-2 code of the country whose national numbers are meant; nil: national numbers stay national.
    package let country: String?

    /// A country that `Country.known` does not have is none: national numbers stay national.
    package init(country: String?) {
        self.country = country.flatMap { Country.known[$0] == nil ? nil : $0 }
    }

    /// How a provider writes international numbers.
    package enum Notation: Sendable {
        /// `0033…`, `+33…` or national; a number without either prefix is not international. OVH, VoIPGRID.
        case prefixed
        /// `33199000021`: the bare country code first. Keyyo.
        case bareCountryCode
    }

    /// One side of a call, from what the provider wrote. A text that is no number stays `raw`, and its `kind` says
    /// what it seems to be. `name` and `line` are taken over as they are.
    package func party(_ raw: String?, notation: Notation, name: String? = nil, line: String? = nil) -> Party {
        var party = read(raw ?? "", notation: notation)
        party.name = name
        party.line = line
        return party
    }

    private func read(_ raw: String, notation: Notation) -> Party {
        let digits = Self.digits(of: raw)
        guard let digits else { return Party(raw: raw.isEmpty ? nil : raw, kind: Self.kindOfText(raw)) }
        func international(_ number: some StringProtocol) -> Party {
            guard (7...15).contains(number.count), number.first != "0" else { return Party(raw: raw, kind: .unknown) }
            return Party(number: "+" + number, raw: raw, kind: .e164)
        }
        if digits.hasPrefix("+") { return international(digits.dropFirst()) }
        // Keyyo, CTI guide 1.5, p. 10: a voice mailbox answers with 22 digits where a line has 11.
        if notation == .bareCountryCode, digits.count == 22 { return Party(raw: raw, kind: .voicemail) }
        if digits.hasPrefix("00") { return international(digits.dropFirst(2)) }
        if let country, Country.known[country]?.shortNumbers.contains(digits) == true {
            return Party(raw: raw, kind: .short)
        }
        if digits.count <= 4 { return Party(raw: raw, kind: .extension) }
        if digits.count <= 6 { return Party(raw: raw, kind: .short) }
        if digits.hasPrefix("0") || notation == .prefixed { return national(digits, raw: raw) }
        return international(digits)
    }

    private func national(_ digits: String, raw: String) -> Party {
        guard let country, let plan = Country.known[country] else { return Party(raw: raw, kind: .national) }
        var significant = digits[...]
        if !plan.trunkPrefix.isEmpty {
            guard significant.hasPrefix(plan.trunkPrefix) else { return Party(raw: raw, kind: .unknown) }
            significant = significant.dropFirst(plan.trunkPrefix.count)
        }
        guard plan.significantDigits.contains(significant.count), significant.first != "0" || plan.keepsLeadingZero
        else { return Party(raw: raw, kind: .national) }
        return Party(number: "+" + plan.callingCode(of: significant) + significant, raw: raw, kind: .e164)
    }

    /// The digits, with a leading `+` where there was one; nil for a text that is not a number. Blanks of every kind,
    /// dots, hyphens, slashes and brackets are dropped, `(0)` whole where it stands behind a country code: people and
    /// forms write them.
    package static func digits(of raw: String) -> String? {
        var result = ""
        var scalars = Array(raw.unicodeScalars)[...]
        while let scalar = scalars.first {
            if scalar == "(", scalars.dropFirst().prefix(2).elementsEqual("0)".unicodeScalars),
                result.hasPrefix("+") || result.hasPrefix("00") || isCallingCode(beforeTrunkZero: result)
            {
                scalars = scalars.dropFirst(3)
                continue
            }
            scalars = scalars.dropFirst()
            switch scalar {
            case "0"..."9": result.unicodeScalars.append(scalar)
            case "+": if result.isEmpty { result = "+" } else { return nil }
            case " ", "\t", ".", "-", "/", "(", ")", "\u{A0}", "\u{202F}", "\u{2009}", "\u{2007}": continue
            default: return nil
            }
        }
        return result.isEmpty || result == "+" ? nil : result
    }

    /// `33 (0)6…` is `+33 6…` whose plus was lost.
    private static func isCallingCode(beforeTrunkZero digits: String) -> Bool {
        Country.known.values.contains { $0.callingCode == digits && $0.trunkPrefix == "0" }
    }

    private static func kindOfText(_ raw: String) -> Party.Kind {
        let hidden: Set<String> = [
            "", "anonymous", "anonyme", "private", "prive", "privé", "restricted", "withheld", "unavailable",
            "hidden", "masque", "masqué", "anoniem", "unknown",
        ]
        let text = String(raw.lowercased().drop { $0 == " " })
        return hidden.contains(text) ? .anonymous : .unknown
    }
}
