import Logging

/// Makes one safe line of what is logged.
enum LogText {
    /// Without anything that a terminal obeys or that ends a line: C0 and C1 controls, line separators, and the marks
    /// that reorder text (Unicode, UAX 9). At most `limit` bytes, then `…`.
    static func escaped(_ text: String, limit: Int) -> String {
        var result = ""
        var room = limit
        for scalar in text.unicodeScalars {
            let piece: String
            switch scalar.value {
            case 0x0A: piece = "\\n"
            case 0x0D: piece = "\\r"
            case 0x09: piece = "\\t"
            case 0..<0x20, 0x7F...0x9F: piece = "\\x" + hexadecimal(scalar.value, digits: 2)
            case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: piece = "\\u" + hexadecimal(scalar.value, digits: 4)
            default: piece = String(scalar)
            }
            room -= piece.utf8.count
            guard room >= 0 else { return result + "…" }
            result += piece
        }
        return result
    }

    /// `key=value` pairs sorted by key, values quoted where they hold blanks, quotes or nothing.
    static func pairs(_ metadata: Logger.Metadata, limit: Int) -> String {
        metadata.sorted { $0.key < $1.key }.map { key, value in
            let shown = escaped(value.description, limit: limit)
            let needsQuotes = shown.isEmpty || shown.contains { $0 == " " || $0 == "\"" || $0 == "=" }
            return "\(escaped(key, limit: 64))=\(needsQuotes ? quoted(shown) : shown)"
        }.joined(separator: " ")
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text {
            if character == "\"" { result += "\\" }
            result.append(character)
        }
        return result + "\""
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}

extension LogEvent {
    /// The handler's metadata, the provider's, the statement's and the error, the later ones winning.
    func allMetadata(_ handler: Logger.Metadata, _ provider: Logger.MetadataProvider?) -> Logger.Metadata {
        var all = handler
        if let provided = provider?.get() { all.merge(provided) { $1 } }
        if let metadata { all.merge(metadata) { $1 } }
        if let error, all["error"] == nil { all["error"] = "\(error)" }
        return all
    }
}
