/// How text becomes bytes. Both providers that push text are suspected of either.
package enum TextCharset: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case latin1 = "latin-1"

    /// What ISO-8859-1 lacks becomes `?`.
    func bytes(_ text: String) -> [UInt8] {
        switch self {
        case .utf8: Array(text.utf8)
        case .latin1: text.unicodeScalars.map { UInt8(exactly: $0.value) ?? UInt8(ascii: "?") }
        }
    }
}
