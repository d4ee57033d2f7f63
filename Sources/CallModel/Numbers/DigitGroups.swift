/// Digits as people write a number: in groups, with blanks, dots, dashes, slashes, brackets or a few of these in
/// between.
///
/// One grammar for whoever hides numbers in texts: wider than what `NumberPlan` takes for one number, because it is not
/// asked whether a number is well written but whether somebody could ring it.
package enum DigitGroups {
    /// `06 - 39`, `(020) - 1234567`.
    package static let maximumSeparators = 3

    /// ASCII digits only.
    package static func isDigit(_ scalar: UInt32) -> Bool { (48...57).contains(scalar) }

    /// The digits in a row from `start` on.
    package static func group(from start: Int, in scalars: [UInt32]) -> Range<Int> {
        var end = start
        while end < scalars.count, isDigit(scalars[end]) { end += 1 }
        return start..<end
    }

    /// The group that follows, of the same number as far as can be seen; nil where other things do.
    ///
    /// - Parameters:
    ///   - isInternational: the digits so far begin with a calling code: `(0)` behind them is not dialled, and no
    ///     group.
    ///   - isSeparator: what else stands between digits in the notation at hand.
    package static func next(
        after group: Range<Int>, in scalars: [UInt32], isInternational: Bool = false,
        isSeparator: (UInt32) -> Bool = { _ in false }
    ) -> Range<Int>? {
        var place = group.upperBound
        for _ in 0..<maximumSeparators {
            guard place < scalars.count, !isDigit(scalars[place]) else { break }
            if isInternational, scalars[place...].starts(with: [0x28, 0x30, 0x29]) {
                place += 3
            } else if isStrong(scalars[place]) || isSeparator(scalars[place]) {
                place += 1
            } else {
                break
            }
        }
        var isWeak = false
        if place == group.upperBound, place < scalars.count, isWeakSeparator(scalars[place]) {
            (isWeak, place) = (true, place + 1)
        }
        guard place > group.upperBound, place < scalars.count, isDigit(scalars[place]) else { return nil }
        let next = self.group(from: place, in: scalars)
        return isWeak && max(group.count, next.count) > 4 ? nil : next
    }

    private static func isStrong(_ scalar: UInt32) -> Bool {
        switch scalar {
        // Blanks, ( ) - . / and the blanks, hyphens and dashes of typesetters.
        case 0x20, 0x09, 0x28, 0x29, 0x2D, 0x2E, 0x2F, 0xA0, 0xAD, 0xB7, 0x2000...0x200B, 0x2010...0x2015, 0x2022,
            0x202F,
            0x205F, 0x2060, 0x2212, 0x3000:
            true
        default: false
        }
    }

    /// `06,39,98` and `06_39_98` are numbers; lists and identifiers (`agent_0033199000001_123`) have longer parts.
    private static func isWeakSeparator(_ scalar: UInt32) -> Bool { scalar == 0x2C || scalar == 0x5F }

    // MARK: - What is no number

    /// `2026-01-05` or `192.0.2.100`, which are nobody's number, where it begins here and more digits may follow
    /// behind a blank: the time of day.
    package static func dateOrAddress(from start: Int, in scalars: [UInt32]) -> Range<Int>? {
        var end = start
        // No address is longer.
        while end < scalars.count, end - start < 16, isDigit(scalars[end]) || [0x2D, 0x2E].contains(scalars[end]) {
            end += 1
        }
        guard end - start < 16 else { return nil }
        let run = String(String.UnicodeScalarView(scalars[start..<end].compactMap { Unicode.Scalar($0) }))
        return isDate(run) || isAddress(run) ? start..<end : nil
    }

    private static func isDate(_ run: String) -> Bool {
        let date = run.split(separator: "-", omittingEmptySubsequences: false)
        return date.map(\.count) == [4, 2, 2] && (date[0].hasPrefix("19") || date[0].hasPrefix("20"))
            && Int(date[1]).map((1...12).contains) == true && Int(date[2]).map((1...31).contains) == true
    }

    private static func isAddress(_ run: String) -> Bool {
        let address = run.split(separator: ".", omittingEmptySubsequences: false)
        return address.count == 4 && address.allSatisfy { UInt8($0).map { "\($0)" } == String($0) }
    }
}
