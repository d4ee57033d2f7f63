/// Writes the YAML of a description: block style, one line a value.
struct YAMLWriter {
    private(set) var text = ""
    private var depth = 0
    /// Set between a list's dash and the item's first key, which share a line.
    private var followsDash = false

    mutating func comment(_ line: String) {
        begin()
        text += line.isEmpty ? "#\n" : "# \(line)\n"
    }

    /// `key: value`, quoted where YAML would read it as something other than text.
    mutating func line(_ key: String, _ value: String) { raw(key, Self.quoted(value)) }

    /// `key: value` as it is.
    mutating func raw(_ key: String, _ value: String) {
        begin()
        text += "\(key): \(value)\n"
    }

    mutating func section(_ key: String, _ body: (inout YAMLWriter) -> Void) {
        begin()
        text += "\(key):\n"
        depth += 1
        body(&self)
        depth -= 1
    }

    mutating func item(_ body: (inout YAMLWriter) -> Void) {
        begin()
        text += "- "
        followsDash = true
        depth += 1
        body(&self)
        depth -= 1
        followsDash = false
    }

    private mutating func begin() {
        if !followsDash { text += String(repeating: "  ", count: depth) }
        followsDash = false
    }

    private static let words: Set<String> = ["yes", "no", "on", "off", "true", "false", "null", "y", "n"]

    static func quoted(_ value: String) -> String {
        let isPlain =
            value.utf8.first.map { CharacterSets.isAlphanumeric($0) && !CharacterSets.isDigit($0) || $0 == 47 } == true
            && value.utf8.allSatisfy { CharacterSets.isAlphanumeric($0) || "/._-:@".utf8.contains($0) }
            && !value.hasSuffix(":") && !words.contains(value.lowercased())
        guard !isPlain else { return value }
        var quoted = "\""
        for scalar in value.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    static func list(_ values: [String]) -> String {
        "[" + values.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    }
}
