import CallModel
import Providers

/// Gives each phone number another one, the same each time, in whatever notation it comes.
///
/// French numbers become numbers of the ranges set aside for fiction (06 39 98 xx xx, 01 99 00 xx xx and the other four
/// regions'; Arcep decision 2018-0881, numbering plan), others keep their country and first digit. Digits of up to six
/// places (extensions, short and emergency numbers) stay: they lead to nobody from outside, and what they are is half
/// of what a recording is read for.
struct NumberDisguise {
    /// Fewer digits are no number that leads to somebody.
    static let leastDigits = 7
    private static let mobile = "63998"
    private static let landline = ["19900", "26191", "35301", "46571", "53649"]

    private let key: String
    /// Every number that is in the input; none of them may be anybody's replacement.
    private var originals: Set<String> = []
    private var replacements: [String: String] = [:]
    private var used: Set<String> = []
    /// Where to begin with numbers of one kind, so that whoever sends all of a range has each found taken only once.
    private var firstAttempts: [String: Int] = [:]
    /// The same for counting: what was looked at is taken.
    private var lastCounted: [String: Int] = [:]

    init(key: String) {
        self.key = key
    }

    // MARK: - Reading

    /// A number's own digits, however it is written: with its calling code, or as they stand where that is not known.
    static func canonical(_ digits: String, country: String?) -> String {
        let bare = digits.hasPrefix("+") ? String(digits.dropFirst()) : digits
        // A national number of a source without a country is hidden like a French one, so that both notations agree.
        for notation in [NumberPlan.Notation.prefixed, .bareCountryCode] {
            let party = NumberPlan(country: country ?? "FR").party(digits, notation: notation)
            if let number = party.number { return String(number.dropFirst()) }
        }
        return bare
    }

    mutating func note(_ digits: String, country: String?) {
        originals.insert(Self.canonical(digits, country: country))
    }

    // MARK: - Writing

    /// The same notation of the replacement: as many digits, the same prefix.
    mutating func disguised(_ digits: String, country: String?) -> String {
        let canonical = Self.canonical(digits, country: country)
        let replacement = replacement(of: canonical)
        // The two end alike: in the digits that are written in every notation.
        let common = zip(canonical.reversed(), digits.reversed()).prefix { $0 == $1 }.count
        return String(digits.dropLast(common)) + String(replacement.suffix(common))
    }

    private mutating func replacement(of canonical: String) -> String {
        if let known = replacements[canonical] { return known }
        let kind = "\(Self.head(of: canonical))/\(canonical.count)"
        var attempt = firstAttempts[kind] ?? 0
        var candidate = canonical
        // The ranges for fiction have 60,000 numbers; where the input has all of them, digits are changed at will.
        repeat {
            candidate = Self.candidate(
                canonical, hash: digest(of: [key, canonical, String(attempt)], bytes: 16), attempt)
            attempt += 1
        } while attempt < 400 && isTaken(candidate)
        // After a hundred misses a range is as good as full.
        firstAttempts[kind] = attempt >= 400 ? 396 : attempt / 100 * 100
        if isTaken(candidate) { candidate = counted(canonical) }
        used.insert(candidate)
        replacements[canonical] = candidate
        return candidate
    }

    private func isTaken(_ candidate: String) -> Bool { originals.contains(candidate) || used.contains(candidate) }

    /// The next free number behind those that were given out by counting, with the same head; where there is none, with
    /// another. Two numbers never share one, unless the recording has all numbers of a length: what they lead to would
    /// look the same.
    private mutating func counted(_ canonical: String) -> String {
        for head in [Self.head(of: canonical), String(canonical.prefix(1)), ""] {
            let width = min(canonical.count - head.count, 9)
            guard width > 0 else { continue }
            let begin = head + canonical.dropFirst(head.count).dropLast(width)
            let limit = (0..<width).reduce(1) { count, _ in count * 10 }
            var next = lastCounted["\(begin)/\(canonical.count)"] ?? 0
            defer { lastCounted["\(begin)/\(canonical.count)"] = next }
            while next < limit {
                let rest = String(next)
                let candidate = begin + String(repeating: "0", count: width - rest.count) + rest
                next += 1
                if !isTaken(candidate) { return candidate }
            }
        }
        return canonical
    }

    private static func candidate(_ canonical: String, hash: String, _ attempt: Int) -> String {
        let digits = hash.utf8.map { String(($0 & 0x0F) % 10) }
        func filled(_ head: some StringProtocol) -> String {
            head + digits.prefix(max(0, canonical.count - head.count)).joined()
        }
        if canonical.hasPrefix("33"), canonical.count == 11, attempt < 200 {
            let national = canonical.dropFirst(2)
            let isMobile = national.hasPrefix("6") || national.hasPrefix("7")
            return filled("33" + (isMobile && attempt < 100 ? mobile : landline[attempt / 20 % landline.count]))
        }
        return filled(head(of: canonical))
    }

    /// What stays of a number that no range for fiction is for.
    private static func head(of canonical: String) -> String {
        let code = NumberPlan.callingCode(of: canonical) ?? String(canonical.prefix(2))
        let rest = canonical.dropFirst(code.count)
        return code + rest.prefix(rest.hasPrefix("0") ? 2 : 1)
    }
}
