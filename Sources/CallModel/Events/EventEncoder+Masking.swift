/// A provider's words as they may be in a log: whatever has more than six digits, in one piece or in groups as numbers
/// are written for people (`06 39 98 00 01`), is masked as in a masked stream.
package func maskedText(_ text: String) -> String { EventEncoder(numbers: .masked).word(text) }

/// What a reader who may not see numbers sees in their place.
extension EventEncoder {
    /// Whatever may stand for a number: what a provider sent of a party, the name of a line. One that is no number
    /// may be somebody's name, and is hidden whole.
    func raw(_ text: String, to length: Int = maximumTextLength) -> String {
        if numbers == .masked, NumberPlan.digits(of: text) == nil { return "***" }
        return number(text, to: length)
    }

    /// Whatever a provider or a sender wrote, with the numbers in it masked. Somebody's own reference may be a number.
    func word(_ text: String) -> String {
        guard numbers == .masked, text.utf8.count > 6 else { return text }
        let scalars = text.unicodeScalars.map(\.value)
        var result = String.UnicodeScalarView()
        var place = 0
        while place < scalars.count {
            guard DigitGroups.isDigit(scalars[place]) else {
                result.append(contentsOf: [scalars[place]].compactMap { Unicode.Scalar($0) })
                place += 1
                continue
            }
            let named = DigitGroups.dateOrAddress(from: place, in: scalars)
            let run = named ?? Self.digitGroups(from: place, in: scalars)
            let written = String(String.UnicodeScalarView(scalars[run].compactMap { Unicode.Scalar($0) }))
            let isNumber = named == nil && scalars[run].lazy.filter(DigitGroups.isDigit).count > 6
            result.append(contentsOf: (isNumber ? maskedNumber(written) : written).unicodeScalars)
            place = run.upperBound
        }
        return String(result)
    }

    /// Digits, and all groups behind them, however many: of two numbers that cannot be told apart both are hidden.
    private static func digitGroups(from start: Int, in scalars: [UInt32]) -> Range<Int> {
        var group = DigitGroups.group(from: start, in: scalars)
        while let next = DigitGroups.next(after: group, in: scalars) { group = next }
        return start..<group.upperBound
    }

    func number(_ text: String, to length: Int = maximumTextLength) -> String {
        let text = cut(text, to: length)
        return numbers == .clear ? text : maskedNumber(text)
    }

    /// An agent's identifier stays, because it tells who answered; it may hold his number: `agent_0033199000001_123`.
    func agent(_ text: String, to length: Int = maximumTextLength) -> String { word(cut(text, to: length)) }

    /// Queues are named by their numbers, agents by names that hold theirs.
    func queueName(_ text: String) -> String {
        numbers == .masked && NumberPlan.digits(of: text) != nil ? number(text) : agent(text)
    }
}
