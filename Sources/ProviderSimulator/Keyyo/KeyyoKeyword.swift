/// The words that Keyyo replaces inside the URL which a customer types (CTI guide 1.0 and 1.5).
package enum KeyyoKeyword: String, Sendable, CaseIterable {
    case account = "_ACCOUNT_"
    case caller = "_CALLER_"
    case callee = "_CALLEE_"
    case callref = "_CALLREF_"
    case type = "_N_TYPE_"
    case version = "_N_VERSION_"
    case dref = "_DREF_"
    case drefReplace = "_DREF_REPLACE_"
    case sessionID = "_SESSION_ID_"
    case isACD = "_IS_ACD_"
    case redirectingNumber = "_REDIRECTING_NUMBER_"
    case tsms = "_TSMS_"

    /// Longest first: `_DREF_` is the beginning of `_DREF_REPLACE_`.
    static let byLength = allCases.sorted { $0.rawValue.utf8.count > $1.rawValue.utf8.count }

    /// Puts values into a text, percent-encoded; a keyword without a value stays as it is.
    static func fill(_ text: Substring, with values: [KeyyoKeyword: String]) -> String {
        var filled = ""
        var rest = text
        while !rest.isEmpty {
            if let keyword = byLength.first(where: { rest.hasPrefix($0.rawValue) }) {
                filled += values[keyword].map(PercentText.encode) ?? keyword.rawValue
                rest = rest.dropFirst(keyword.rawValue.count)
            } else {
                filled.append(rest.removeFirst())
            }
        }
        return filled
    }
}
