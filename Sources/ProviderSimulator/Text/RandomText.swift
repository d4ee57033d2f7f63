/// Fresh opaque ids in the shapes that the providers' samples show.
enum RandomText {
    static func hexadecimal(_ count: Int) -> String {
        pick(count, "0123456789abcdef")
    }

    /// Never begins with 0, so that it may also be written as a number.
    static func digits(_ count: Int) -> String {
        pick(1, "123456789") + pick(count - 1, "0123456789")
    }

    static func alphanumeric(_ count: Int) -> String {
        pick(count, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    }

    static func lowercase(_ count: Int) -> String {
        pick(count, "abcdefghijklmnopqrstuvwxyz0123456789")
    }

    static func uuid() -> String {
        [8, 4, 4, 4, 12].map(hexadecimal).joined(separator: "-")
    }

    private static func pick(_ count: Int, _ alphabet: String) -> String {
        let letters = Array(alphabet.unicodeScalars)
        var text = ""
        for _ in 0..<count { text.unicodeScalars.append(letters.randomElement() ?? "0") }
        return text
    }
}
