/// What a text processor does to data.
enum Typography {
    /// Straight quotes become French ones with no-break spaces, as in the bodies printed on SFR's help page "Qu'est-ce
    /// que le pushCRA ?": no longer JSON, no longer XML. Bytes that are not UTF-8, or without quotes, lose their end.
    static func damage(_ bytes: [UInt8]) -> [UInt8] {
        guard let text = String(validating: bytes, as: UTF8.self), text.contains("\"") else {
            return Array(bytes.prefix(bytes.count / 2))
        }
        var damaged = ""
        var opens = true
        for character in text {
            guard character == "\"" else {
                damaged.append(character)
                continue
            }
            damaged += opens ? "«\u{A0}" : "\u{A0}»"
            opens.toggle()
        }
        return Array(damaged.utf8)
    }
}
