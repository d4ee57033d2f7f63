/// Sets of ASCII bytes that names and secrets are made of.
enum CharacterSets {
    static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    static func isLowercase(_ byte: UInt8) -> Bool { (97...122).contains(byte) }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLowercase(byte) || (65...90).contains(byte)
    }

    /// `A-Z a-z 0-9 _ -`: what a URL carries unchanged wherever it stands.
    static func isURLSafe(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == 95 || byte == 45 }

    /// Printable, no blank.
    static func isVisible(_ byte: UInt8) -> Bool { (33...126).contains(byte) }
}
