/// A provider's words as they may be in a log: every run of more than six digits is masked as in a masked stream.
package func maskedText(_ text: String) -> String { EventEncoder(numbers: .masked).word(text) }

/// What a reader who may not see numbers sees in their place.
extension EventEncoder {
    /// A name that came where a number was expected is hidden whole.
    func raw(_ text: String) -> String {
        if numbers == .masked, NumberPlan.digits(of: text) == nil { return "***" }
        return number(text)
    }

    /// A notification whose fields nobody documented is passed on whole, with the numbers that may be in it.
    func word(_ text: String) -> String {
        guard numbers == .masked, text.utf8.count > 6 else { return text }
        var result = ""
        var rest = text[...]
        while let first = rest.first {
            let run = rest.prefix { $0.isASCII && $0.isNumber }
            if run.count > 6 { result += maskedNumber(String(run)) } else { result += run }
            rest = rest.dropFirst(run.count)
            if run.isEmpty {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    func number(_ text: String, to length: Int = maximumTextLength) -> String {
        let text = cut(text, to: length)
        return numbers == .clear ? text : maskedNumber(text)
    }

    /// An agent's name may hold his number: `agent_0033199000001_123`.
    func agent(_ text: String, to length: Int = maximumTextLength) -> String {
        let text = cut(text, to: length)
        guard numbers == .masked else { return text }
        return text.split(separator: "_", omittingEmptySubsequences: false)
            .map { part in
                let isNumber = part.utf8.count > 6 && part.utf8.allSatisfy { (48...57).contains($0) }
                return isNumber ? maskedNumber(String(part)) : String(part)
            }
            .joined(separator: "_")
    }

    /// Queues are named by their numbers, agents by names that hold theirs.
    func queueName(_ text: String) -> String {
        numbers == .masked && NumberPlan.digits(of: text) != nil ? number(text) : agent(text)
    }
}
