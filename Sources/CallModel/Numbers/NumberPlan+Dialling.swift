extension NumberPlan {
    /// E.164, section 6.2.1.
    static let maximumInternationalDigits = 15
    /// With `00` and a digit or two to get out of the house; two numbers in one field are longer.
    static let maximumDialledDigits = 18

    /// The digits of a number that a person or a program wants called, `(0)` dropped as `digits(of:)` does.
    ///
    /// Stricter than what is read of providers: a number that cannot be meant as it stands would ring at somebody
    /// else's or at nobody's. Internal and short numbers are let through, because only the provider knows them.
    package static func dialled(_ typed: String) throws(UndiallableNumber) -> String {
        guard let digits = digits(of: typed) else { throw .notANumber }
        guard digits.contains(where: { ("1"..."9").contains($0) }) else { throw .onlyZeros }
        guard let international = internationalPart(of: digits) else {
            guard digits.count <= maximumDialledDigits else { throw .tooLong }
            return digits
        }
        guard international.count <= maximumInternationalDigits else { throw .tooLong }
        if let country = Country.known.values.first(where: { international.hasPrefix($0.callingCode) }) {
            if country.keepsLeadingZero {
                // Dialled in Italy and not abroad, or both: the brackets do not tell.
                if typed.filter({ !$0.isWhitespace }).contains("(0)") { throw .optionalZero }
            } else if !country.trunkPrefix.isEmpty,
                international.dropFirst(country.callingCode.count).hasPrefix(country.trunkPrefix)
            {
                throw .trunkPrefixAfterCountryCode(country.trunkPrefix)
            }
        }
        return digits
    }

    /// Without `+` or `00`; nil for a number with neither.
    private static func internationalPart(of digits: String) -> Substring? {
        if digits.hasPrefix("+") { return digits.dropFirst() }
        return digits.hasPrefix("00") ? digits.dropFirst(2) : nil
    }
}
