/// The name that a queue gives an agent: `agent_0033199000001_123`, with his line in the middle (OVH guide, events of
/// queues: `QueueAgent`).
package struct OVHAgentName: Sendable, Hashable {
    /// As it is written there: digits, with or without a `+` before them.
    package let line: String
    /// Whether nothing but digits follows the line, so that no person is named.
    package let isNumbersOnly: Bool

    /// Nil of a text that names no line.
    package init?(_ text: String) {
        func isDigits(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) } }
        guard text.hasPrefix("agent_") else { return nil }
        let parts = text.dropFirst(6).split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
        guard let line = parts.first, isDigits(line.hasPrefix("+") ? line.dropFirst() : line) else { return nil }
        self.line = String(line)
        isNumbersOnly = parts.count == 2 && isDigits(parts[1])
    }
}
