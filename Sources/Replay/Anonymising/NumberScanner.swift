import CallModel

/// Finds phone numbers in bytes of any kind: JSON, XML, a query, text, whole or damaged.
///
/// A number is a run of digits with its prefix (`+`, `%2B`, `00`, a trunk zero, a bare calling code) and, where it has a
/// prefix, groups set apart by one and the same separator. Times have other lengths; should an id look like a number it is
/// replaced like one, the same everywhere, which changes what it is and not what it ties together.
struct NumberScanner {
    struct Match: Equatable {
        /// The places of the digits.
        var places: [Int]
        /// The digits, after `+` where there was one.
        var digits: String
    }

    /// Digits that are known to be numbers, whatever they look like.
    struct Known {
        private(set) var numbers: Set<String> = []
        /// What they begin with: where the digits met so far are none of these, no more are looked at.
        private(set) var beginnings: Set<String> = []

        /// More digits than `maximumDigits` are no number that is searched for.
        mutating func insert(_ digits: String) {
            guard digits.utf8.count <= NumberScanner.maximumDigits, numbers.insert(digits).inserted else { return }
            for count in 1...max(1, digits.utf8.count) { beginnings.insert(String(digits.prefix(count))) }
        }
    }

    /// Keyyo's voice mailboxes have 22 digits, and nothing that leads to somebody has more. What is looked at from one
    /// digit on is bounded by this, so that the work is proportional to the bytes, which anybody can send.
    static let maximumDigits = 22

    private let bytes: [UInt8]
    private let country: String?
    private let known: Known

    static func matches(in bytes: [UInt8], country: String?, known: Known) -> [Match] {
        NumberScanner(bytes: bytes, country: country, known: known).matches()
    }

    private func matches() -> [Match] {
        var matches: [Match] = []
        var index = 0
        while index < bytes.count {
            let escape = escapeLength(at: index)
            let isPlus = bytes[index] == UInt8(ascii: "+") || isEscapedPlus(at: index)
            let start = isPlus ? index + max(1, escape) : index
            guard isPlus || escape == 0 else {
                index += escape
                continue
            }
            guard start < bytes.count, isDigit(start) else {
                index += max(1, escape)
                continue
            }
            let run = self.run(from: start)
            if let match = spelled(from: start, isPlus: isPlus) ?? grouped(from: start, isPlus: isPlus)
                ?? single(run, isPlus: isPlus)
            {
                matches.append(match)
                index = (match.places.last ?? start) + 1
            } else {
                index = run.upperBound
            }
        }
        return matches
    }

    private func single(_ run: Range<Int>, isPlus: Bool) -> Match? {
        guard (NumberDisguise.leastDigits...Self.maximumDigits).contains(run.count) else { return nil }
        let digits = String(decoding: bytes[run], as: UTF8.self)
        if known.numbers.contains(digits) { return Match(places: Array(run), digits: (isPlus ? "+" : "") + digits) }
        if isPlus { return digits.count <= 15 ? Match(places: Array(run), digits: "+" + digits) : nil }
        // The fraction of a time.
        if run.lowerBound >= 2, bytes[run.lowerBound - 1] == UInt8(ascii: "."), isDigit(run.lowerBound - 2) {
            return nil
        }
        let isNumber =
            digits.hasPrefix("00")
            ? (9...17).contains(digits.count) && !digits.hasPrefix("000")
            : isNational(digits)
                || NumberPlan.isInternational(digits)
        return isNumber ? Match(places: Array(run), digits: digits) : nil
    }

    private func isNational(_ digits: String) -> Bool {
        guard digits.hasPrefix("0"), !digits.hasPrefix("00") else { return false }
        return NumberPlan(country: country ?? "FR").party(digits, notation: .prefixed).number != nil
    }

    /// `+33 6 39 98 00 01`, `06.39.98.00.01`: two digits at least in each group after the first two, one separator.
    private func grouped(from start: Int, isPlus: Bool) -> Match? {
        guard isPlus || bytes[start] == UInt8(ascii: "0") else { return nil }
        var places = Array(run(from: start, atMost: 7))
        guard places.count <= 6 else { return nil }
        var separator: [UInt8]?
        while let last = places.last, let found = self.separator(at: last + 1), separator == nil || separator == found {
            let next = last + 1 + found.count
            guard next < bytes.count, isDigit(next) else { break }
            let group = run(from: next, atMost: 5)
            guard group.count <= 4, places.count + group.count <= 15 else { break }
            separator = found
            places += group
        }
        guard separator != nil else { return nil }
        let digits = (isPlus ? "+" : "") + String(decoding: places.map { bytes[$0] }, as: UTF8.self)
        guard NumberPlan(country: country ?? "FR").party(digits, notation: .prefixed).number != nil else { return nil }
        return Match(places: places, digits: digits)
    }

    /// A known number, with whatever people write between its digits.
    private func spelled(from start: Int, isPlus: Bool) -> Match? {
        var places: [Int] = []
        var found: Match?
        var index = start
        while true {
            let group = run(from: index, atMost: Self.maximumDigits + 1)
            guard places.count + group.count <= Self.maximumDigits else { break }
            places += group
            let digits = String(decoding: places.map { bytes[$0] }, as: UTF8.self)
            guard known.beginnings.contains(digits) else { break }
            if known.numbers.contains(digits), group.upperBound - start > digits.count {
                found = Match(places: places, digits: (isPlus ? "+" : "") + digits)
            }
            index = group.upperBound
            // `)%20` is the longest that stands between two groups.
            for _ in 0..<3 { index += blankLength(at: index) }
            guard index > group.upperBound, index < bytes.count, isDigit(index) else { break }
        }
        return found
    }

    private static let separators: Set<UInt32> = [0x20, 0x2E, 0x2D, 0x2F, 0xA0, 0x202F, 0x2009, 0x2007]
    /// Those that `NumberPlan` passes over.
    private static let blanks = separators.union([0x09, 0x28, 0x29])

    private func blankLength(at index: Int) -> Int {
        guard index < bytes.count, !isDigit(index), !isLetter(index) else { return 0 }
        for text in ["(0)", "%280%29"] where bytes[index...].starts(with: text.utf8) { return text.utf8.count }
        return WrittenScalars.readings(bytes, index).first { Self.blanks.contains($0.scalar) }?.length ?? 0
    }

    private func separator(at index: Int) -> [UInt8]? {
        guard index < bytes.count, !isDigit(index), !isLetter(index) else { return nil }
        let reading = WrittenScalars.readings(bytes, index).first { Self.separators.contains($0.scalar) }
        return reading.map { Array(bytes[index..<(index + $0.length)]) }
    }

    private func run(from start: Int, atMost limit: Int = .max) -> Range<Int> {
        var end = start
        while end < bytes.count, end - start < limit, isDigit(end) { end += 1 }
        return start..<end
    }

    private func isDigit(_ index: Int) -> Bool { (48...57).contains(bytes[index]) }

    private func isLetter(_ index: Int) -> Bool { (97...122).contains(bytes[index] | 0x20) }

    private func isEscapedPlus(at index: Int) -> Bool {
        bytes[index...].starts(with: "%2B".utf8) || bytes[index...].starts(with: "%2b".utf8)
            || bytes[index...].starts(with: "\\u002b".utf8) || bytes[index...].starts(with: "\\u002B".utf8)
    }

    /// The length of a percent or JSON escape, whose digits are none of a number; 0 where there is none.
    private func escapeLength(at index: Int) -> Int {
        func areHex(_ range: Range<Int>) -> Bool {
            range.upperBound <= bytes.count && range.allSatisfy { isHex(bytes[$0]) }
        }
        if bytes[index] == UInt8(ascii: "%"), areHex(index + 1..<index + 3) { return 3 }
        if bytes[index...].starts(with: "\\u".utf8), areHex(index + 2..<index + 6) { return 6 }
        return 0
    }

    private func isHex(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
    }
}
