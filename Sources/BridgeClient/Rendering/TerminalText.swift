/// Makes text from outside safe and measurable on a terminal.
package enum TerminalText {
    /// Whether a terminal could take this for a command, or a reader could be deceived by it: controls (C0, DEL, C1),
    /// line separators, bidirectional overrides, invisible tags.
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF,
            0xE0000...0xE007F:
            true
        default: false
        }
    }

    /// The text with everything unsafe written as an escape that can be seen: `\u001b`.
    package static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var safe = ""
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) { safe += escape(scalar) } else { safe.unicodeScalars.append(scalar) }
        }
        return safe
    }

    /// JSON text with everything unsafe in it written as JSON escapes: still the same JSON. Line breaks stay.
    package static func escapedJSON(_ json: some Collection<UInt8>) -> [UInt8] {
        if json.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x0A }) { return Array(json) }
        var safe: [UInt8] = []
        safe.reserveCapacity(json.count + 16)
        for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\n": safe.append(0x0A)
            // Allowed between values, where an escape is not.
            case "\r", "\t": safe.append(0x20)
            case let scalar where isUnsafe(scalar): safe.append(contentsOf: escape(scalar).utf8)
            default: safe.append(contentsOf: String(scalar).utf8)
            }
        }
        return safe
    }

    /// How many columns the text takes on a terminal, as near as can be told without its font.
    package static func width(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + width($1) }
    }

    private static func width(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x0300...0x036F, 0x200B...0x200D, 0xFE00...0xFE0F: return 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// The text filled up with spaces to `columns`.
    package static func padded(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - width(text)))
    }

    /// The text cut to `columns`, with `…` in place of what was cut.
    package static func cut(_ text: String, to columns: Int) -> String {
        guard width(text) > columns else { return text }
        var kept = ""
        var used = 0
        for character in text {
            used += width(character)
            guard used < columns else { break }
            kept.append(character)
        }
        return columns > 0 ? kept + "…" : ""
    }

    /// The text in lines of at most `columns`, broken at spaces where that can be.
    package static func wrapped(_ text: String, to columns: Int) -> [String] {
        var lines = [""]
        var used = 0
        for word in text.split(separator: " ") {
            let room = width(String(word))
            if used > 0, used + 1 + room <= columns {
                lines[lines.count - 1] += " " + word
                used += 1 + room
                continue
            }
            if used > 0 { lines.append("") }
            used = 0
            for character in word {
                let needed = width(character)
                if used > 0, used + needed > columns {
                    lines.append("")
                    used = 0
                }
                lines[lines.count - 1].append(character)
                used += needed
            }
        }
        return lines
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        scalar.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
