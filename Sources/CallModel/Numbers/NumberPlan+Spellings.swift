extension NumberPlan {
    /// Every text under which a journal may keep the number that a person wrote: as written, bare digits, E.164 by each
    /// plan and by both notations, and the international and national forms of that.
    ///
    /// For looking calls up. Wider than what is certain: a calling number is found by whoever knows it in one notation,
    /// and where two countries are configured, `06…` finds the numbers of both.
    package static func spellings(of written: String, in plans: [NumberPlan]) -> [String] {
        var found: Set<String> = [written]
        guard let digits = digits(of: written) else { return [written] }
        found.insert(digits)
        // Without a country too: `00…` and `+…` need none.
        let plans = Set(plans + [NumberPlan(country: nil)])
        let certain = Set(
            plans.flatMap { plan in
                [Notation.prefixed, .bareCountryCode].compactMap { plan.party(written, notation: $0).number }
            })
        for number in certain {
            let bare = number.dropFirst()
            found.formUnion([number, String(bare), "00\(bare)"])
            for country in plans.compactMap({ $0.country.flatMap { Country.known[$0] } }) {
                for code in [country.callingCode] + country.overseas.keys where bare.hasPrefix(code) {
                    let significant = bare.dropFirst(code.count)
                    // An older journal may have one of these behind the country's own code.
                    guard code == country.callingCode || code == country.callingCode(of: significant) else { continue }
                    found.insert(country.trunkPrefix + significant)
                }
            }
        }
        return found.sorted()
    }
}

extension NumberPlan {
    /// The calling code that an international number, without `+`, begins with; nil where no known country has it.
    package static func callingCode(of digits: some StringProtocol) -> String? {
        Country.known.values.map(\.callingCode).filter { digits.hasPrefix($0) }.max { $0.count < $1.count }
    }

    /// Whether bare digits can be an international number of a known country: its calling code and as many digits as
    /// its numbers have.
    package static func isInternational(_ digits: some StringProtocol) -> Bool {
        Country.known.values.contains { country in
            digits.hasPrefix(country.callingCode)
                && country.significantDigits.contains(digits.count - country.callingCode.count)
        }
    }
}
