import CallModel

/// Finds phone numbers in bytes of any kind: JSON, XML, a query, text, whole or damaged, with digits as they stand or
/// as escapes.
///
/// A number is a run of digits with its prefix (`+`, `00`, a trunk zero, a bare calling code), or several that stand
/// apart as `DigitGroups` has it, that `NumberPlan` takes for one; and digits that are known to be one, whatever they
/// look like. Times have other lengths; should an id look like a number it is replaced like one, the same everywhere,
/// which changes what it is and not what it ties together.
struct NumberScanner {
    struct Match: Equatable {
        /// The bytes of each digit: an escape has several.
        var places: [Range<Int>]
        /// The digits, after `+` where there was one.
        var digits: String
    }

    /// Keyyo's voice mailboxes have 22 digits, and nothing that leads to somebody has more. What is looked at from one
    /// digit on is bounded by this and the next, so that the work is proportional to the bytes, which anybody can send.
    static let maximumDigits = 22
    /// `+33 (0)6 39 98 00 01` has six.
    private static let maximumGroups = 9
    private static let callingCodes = Set((1...999).map(String.init).filter { NumberPlan.callingCode(of: $0) == $0 })

    private let scalars: [UInt32]
    private let starts: [Int]
    private let plan: NumberPlan
    private let known: [Set<String>]

    /// - Parameter known: digits that are numbers, whatever they look like.
    static func matches(in bytes: [UInt8], country: String?, known: [Set<String>]) -> [Match] {
        let written = WrittenText(bytes, WrittenText.notations(in: bytes), isUTF8: true)
        return NumberScanner(
            scalars: written.scalars, starts: written.starts, plan: NumberPlan(country: country ?? "FR"), known: known
        ).matches()
    }

    private func matches() -> [Match] {
        var matches: [Match] = []
        var place = 0
        while place < scalars.count {
            guard DigitGroups.isDigit(scalars[place]) else {
                place += 1
                continue
            }
            let first = DigitGroups.group(from: place, in: scalars)
            // In a query a plus sign is a blank, and elsewhere not.
            let isPlus = place > 0 && scalars[place - 1] == 0x2B
            if let (match, end) = (isPlus ? match(from: first, isPlus: true) : nil) ?? match(from: first, isPlus: false)
            {
                matches.append(match)
                place = end
            } else {
                place = DigitGroups.dateOrAddress(from: place, in: scalars)?.upperBound ?? first.upperBound
            }
        }
        return matches
    }

    /// The longest number that begins with the group.
    private func match(from first: Range<Int>, isPlus: Bool) -> (Match, end: Int)? {
        let beginning = text(first.prefix(4))
        let isCode = Self.callingCodes.contains(beginning)
        let isNothing = isTime(first) || DigitGroups.dateOrAddress(from: first.lowerBound, in: scalars) != nil
        var places: [Int] = []
        var found: (Match, end: Int)?
        var group = first
        for number in 1...Self.maximumGroups {
            guard places.count + group.count <= Self.maximumDigits else { break }
            places += group
            if places.count >= NumberDisguise.leastDigits {
                let digits = text(places)
                let isNumber =
                    known.contains { $0.contains(digits) }
                    || !isNothing && (isPlus || !isFraction(first) || number > 1)
                        && isNumber(digits, isPlus: isPlus, isBare: number == 1 || isCode)
                if isNumber {
                    let match = Match(places: places.map(bytes), digits: (isPlus ? "+" : "") + digits)
                    found = (match, group.upperBound)
                }
            }
            let isInternational = isPlus || isCode || beginning.hasPrefix("00")
            guard
                let next = DigitGroups.next(
                    after: group, in: scalars, isInternational: isInternational, isSeparator: { $0 == 0x2B }),
                !isHour(next)
            else { break }
            group = next
        }
        return found
    }

    /// - Parameter isBare: the digits may begin with a calling code that nothing announces.
    private func isNumber(_ digits: String, isPlus: Bool, isBare: Bool) -> Bool {
        if isPlus { return digits.count <= 15 && !digits.hasPrefix("0") }
        if digits.hasPrefix("00") { return (9...17).contains(digits.count) && !digits.hasPrefix("000") }
        if digits.hasPrefix("0") { return plan.party(digits, notation: .prefixed).number != nil }
        return isBare && NumberPlan.isInternational(digits)
    }

    /// The minutes or seconds of a time.
    private func isTime(_ group: Range<Int>) -> Bool {
        let start = group.lowerBound
        return start >= 2 && scalars[start - 1] == 0x3A && DigitGroups.isDigit(scalars[start - 2])
    }

    /// The hour of a time, which may follow a date.
    private func isHour(_ group: Range<Int>) -> Bool {
        let end = group.upperBound
        return group.count <= 2 && end + 1 < scalars.count && scalars[end] == 0x3A
            && DigitGroups.isDigit(scalars[end + 1])
    }

    /// The fraction of a time.
    private func isFraction(_ group: Range<Int>) -> Bool {
        let start = group.lowerBound
        return start >= 2 && scalars[start - 1] == 0x2E && DigitGroups.isDigit(scalars[start - 2])
    }

    private func bytes(_ place: Int) -> Range<Int> { starts[place]..<starts[place + 1] }

    private func text(_ places: some Collection<Int>) -> String {
        String(decoding: places.map { UInt8(truncatingIfNeeded: scalars[$0]) }, as: UTF8.self)
    }
}
