/// Fresh opaque ids in the shapes that the providers' samples show.
enum RandomText {
    static func hexadecimal(_ count: Int) -> String {
        pick(count, "0123456789abcdef")
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
