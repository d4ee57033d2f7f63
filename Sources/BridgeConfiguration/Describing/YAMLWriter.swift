package import CallModel

/// Writes the YAML of a description: block style, one line a value.
package struct YAMLWriter {
    private(set) var text = ""
    private var depth = 0
    /// Set between a list's dash and the item's first key, which share a line.
    private var followsDash = false

    mutating func comment(_ line: String) {
        begin()
        text += line.isEmpty ? "#\n" : "# \(line)\n"
    }

    /// `key: value`, quoted where YAML would read it as something other than text.
    package mutating func line(_ key: String, _ value: String) { raw(key, Self.quoted(value)) }

    /// Written in the largest unit that leaves nothing over.
    package mutating func line(_ key: String, _ span: Span) { raw(key, DurationText.write(span)) }

    /// A key whose value is shown to nobody; `count` of them in a list where it has several.
    package mutating func secret(_ key: String, count: Int = 1) {
        let redacted = "[redacted]"
        raw(key, count == 1 ? redacted : "[" + Array(repeating: redacted, count: count).joined(separator: ", ") + "]")
    }

    /// The texts in quotes; nothing where there are none.
    package mutating func list(_ key: String, _ values: [String]) {
        guard !values.isEmpty else { return }
        raw(key, "[" + values.map { "\"\($0)\"" }.joined(separator: ", ") + "]")
    }

    /// `key: value` as it is.
    package mutating func raw(_ key: String, _ value: String) {
        begin()
        text += "\(key): \(value)\n"
    }

    /// What `body` writes is indented below `key`.
    package mutating func section(_ key: String, _ body: (inout YAMLWriter) -> Void) {
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
}
