/// A provider's words as they may be in a log: whatever has more than six digits, in one piece or in groups as numbers
/// are written for people (`06 39 98 00 01`), is masked as in a masked stream.
package func maskedText(_ text: String) -> String { EventEncoder(numbers: .masked).word(text) }

/// What a reader who may not see numbers sees in their place.
extension EventEncoder {
    /// Whatever may stand for a number: what a provider sent of a party, the name of a line. One that is no number may be
    /// somebody's name, and is hidden whole.
    func raw(_ text: String, to length: Int = maximumTextLength) -> String {
        if numbers == .masked, NumberPlan.digits(of: text) == nil { return "***" }
        return number(text, to: length)
    }

    /// Whatever a provider or a sender wrote, with the numbers in it masked. Somebody's own reference may be a number.
    func word(_ text: String) -> String {
        guard numbers == .masked, text.utf8.count > 6 else { return text }
        var result = ""
        var rest = text[...]
        while let first = rest.first {
            guard first.isASCIIDigit else {
                result.append(first)
                rest = rest.dropFirst()
                continue
            }
            let named = Self.dateOrAddress(at: rest)
            let run = named ?? Self.digitGroups(at: rest)
            let isNumber = named == nil && run.lazy.filter(\.isASCIIDigit).count > 6
            result += isNumber ? maskedNumber(String(run)) : String(run)
            rest = rest[run.endIndex...]
        }
        return result
    }

    /// Digits, and more of them behind one of the blanks, dots, dashes, slashes and brackets that `NumberPlan` passes over.
    private static func digitGroups(at text: Substring) -> Substring {
        var end = text.startIndex
        var place = text.startIndex
        while place < text.endIndex {
            if text[place].isASCIIDigit {
                place = text.index(after: place)
                end = place
            } else if end == place, place > text.startIndex,
                " \t.-/()\u{A0}\u{202F}\u{2009}\u{2007}".contains(text[place])
            {
                place = text.index(after: place)
            } else {
                break
            }
        }
        return text[..<end]
    }

    /// One that begins here, also where more digits follow behind a blank: the time of day.
    private static func dateOrAddress(at text: Substring) -> Substring? {
        // No address is longer.
        let run = text.prefix(16).prefix { $0.isASCIIDigit || $0 == "-" || $0 == "." }
        return run.count < 16 && isDateOrAddress(run) ? run : nil
    }

    /// `2026-01-05` and `192.0.2.100`, which are nobody's number.
    private static func isDateOrAddress(_ run: Substring) -> Bool {
        let date = run.split(separator: "-", omittingEmptySubsequences: false)
        if date.map(\.count) == [4, 2, 2], date[0].hasPrefix("19") || date[0].hasPrefix("20"),
            Int(date[1]).map((1...12).contains) == true, Int(date[2]).map((1...31).contains) == true
        {
            return true
        }
        let address = run.split(separator: ".", omittingEmptySubsequences: false)
        return address.count == 4 && address.allSatisfy { UInt8($0).map { "\($0)" } == String($0) }
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

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
