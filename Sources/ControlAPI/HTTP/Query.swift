import CallModel

/// The query of a URL, read strictly: what is not known, given twice, empty or not UTF-8 is refused by name.
///
/// An empty value is refused because it comes from a script whose variable is not set, and "from here on" is a bad
/// guess for what `after=` meant. `+` stays a plus: phone numbers and time offsets begin with one.
struct Query: Sendable {
    private var values: [String: String] = [:]

    init(_ text: String?, allowed: [String]) throws(Problem) {
        for item in (text ?? "").split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), allowed.contains(name) else {
                throw .invalidParameter(String(parts[0].prefix(64)), "no such parameter", allowed: allowed)
            }
            guard let value = parts.count == 2 ? Self.decoded(parts[1]) : "" else {
                throw .invalidParameter(name, "not percent-encoded UTF-8")
            }
            guard !value.isEmpty else { throw .invalidParameter(name, "is empty; leave it out or give it a value") }
            guard values.updateValue(value, forKey: name) == nil else { throw .invalidParameter(name, "given twice") }
        }
    }

    subscript(name: String) -> String? { values[name] }

    func flag(_ name: String) throws(Problem) -> Bool? {
        switch values[name] {
        case nil: nil
        case "true", "1": true
        case "false", "0": false
        default: throw .invalidParameter(name, "must be true or false", allowed: ["true", "false"])
        }
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .invalidParameter(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func one<Choice: RawRepresentable<String>>(_ name: String, of choices: [Choice]) throws(Problem) -> Choice? {
        guard let text = values[name] else { return nil }
        guard let choice = choices.first(where: { $0.rawValue == text }) else {
            throw .invalidParameter(name, "no such value", allowed: choices.map(\.rawValue))
        }
        return choice
    }

    /// Values separated by commas.
    func list<Choice: RawRepresentable<String>>(_ name: String, of choices: [Choice]) throws(Problem) -> [Choice] {
        var list: [Choice] = []
        for item in (values[name] ?? "").split(separator: ",", omittingEmptySubsequences: values[name] == nil) {
            guard let choice = choices.first(where: { $0.rawValue == item }) else {
                throw .invalidParameter(
                    name, "\"\(item.prefix(64))\" is no such value", allowed: choices.map(\.rawValue)
                )
            }
            list.append(choice)
        }
        return list
    }

    /// RFC 3339, or how long ago: `30s`, `15m`, `2h`, `1d`.
    func time(_ name: String, now: Timestamp) throws(Problem) -> Timestamp? {
        guard let text = values[name] else { return nil }
        if let ago = Self.span(text) { return Timestamp(milliseconds: now.milliseconds - ago.milliseconds) }
        if let time = Timestamp(rfc3339: text) { return time }
        throw .invalidParameter(
            name, "must be an RFC 3339 time with offset, or a duration",
            allowed: ["2026-11-21T09:30:00Z", "30s", "15m", "2h", "1d"]
        )
    }

    /// Reads `90s`, `15m`, `2h`, `1d`: one to six digits and a unit, so that nothing overflows.
    private static func span(_ text: String) -> Span? {
        let digits = text.utf8.dropLast()
        guard (1...6).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let count = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 48) }
        switch text.last {
        case "s": return .seconds(count)
        case "m": return .minutes(count)
        case "h": return .hours(count)
        case "d": return .days(count)
        default: return nil
        }
    }

    /// Undoes percent-encoding; nil where it is broken or the result is not UTF-8.
    static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
