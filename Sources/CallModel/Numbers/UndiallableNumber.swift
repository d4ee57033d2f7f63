/// Why a number is not called as it was typed. The descriptions are for whoever typed it and hold none of its digits
/// but those of a trunk prefix.
package enum UndiallableNumber: Error, Sendable, Hashable, CustomStringConvertible {
    case notANumber
    /// Zeros lead out of a network and to nobody; `(0)` alone is the optional zero of a number that is missing.
    case onlyZeros
    /// `+33 06…`: inside the country a prefix stands before the number, which nobody dials behind the country code.
    case trunkPrefixAfterCountryCode(String)
    /// `+39 (0)6…`: the country keeps some zeros, and the brackets do not tell whether this is one.
    case optionalZero
    case tooLong

    package var description: String {
        switch self {
        case .notANumber: "is not a number: digits, with or without a '+' before them"
        case .onlyZeros: "has no digit but 0"
        case .trunkPrefixAfterCountryCode(let prefix):
            "has the \(prefix) of a national number behind the country code: leave it out"
        case .optionalZero:
            "has a zero in brackets that this country may or may not dial: leave it out, or the brackets"
        case .tooLong: "has more digits than any number: give one number"
        }
    }
}
