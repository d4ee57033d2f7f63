/// Mends what a JSON reader refuses and a person would still understand, so that one bad character does not cost the
/// events beside it: control characters in a string, half of a surrogate pair, an escape that there is none, a number
/// no machine can hold, a value nested beyond all reason. Whole numbers that 64 bits do not hold, ids that a provider
/// writes without quotes, become strings: a reader would make fractions of them and lose digits. What is not of the
/// form of JSON stays so, and what is, and plain, stays as it is.
struct JSONRepair {
    /// Deeper values are left out: no provider nests more than four deep.
    static let maximumDepth = 64

    private var input: ArraySlice<UInt8>
    private var output: [UInt8] = []
    private var depth = 0

    static func mended(_ text: [UInt8]) -> [UInt8] {
        var repair = JSONRepair(input: text[...])
        repair.output.reserveCapacity(text.count + 64)
        repair.run()
        return repair.output
    }

    private init(input: ArraySlice<UInt8>) {
        self.input = input
    }

    private mutating func run() {
        while let byte = input.first {
            switch byte {
            case UInt8(ascii: "\""): string()
            case UInt8(ascii: "{"), UInt8(ascii: "["): open()
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                copy()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "I"), UInt8(ascii: "N"):
                number()
            default: copy()
            }
        }
    }

    private mutating func copy() {
        output.append(input.removeFirst())
    }

    private mutating func open() {
        guard depth < Self.maximumDepth else { return skipValue() }
        depth += 1
        copy()
    }

    /// Leaves a bracketed value out, whatever is in it.
    private mutating func skipValue() {
        var open = 0
        while let byte = input.first {
            input.removeFirst()
            switch byte {
            case UInt8(ascii: "\""): skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["): open += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open -= 1
            default: break
            }
            if open == 0 { break }
        }
        output.append(contentsOf: "null".utf8)
    }

    private mutating func skipString() {
        while let byte = input.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") { _ = input.popFirst() }
        }
    }

    private mutating func string() {
        copy()
        while let byte = input.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                output.append(byte)
                return
            case UInt8(ascii: "\\"): escape()
            case 0x00...0x1F: output.append(contentsOf: Self.unicodeEscape(UInt16(byte)))
            default: output.append(byte)
            }
        }
    }

    private mutating func escape() {
        switch input.first {
        case UInt8(ascii: "u"): unicode()
        case let byte? where #""\/bfnrt"#.utf8.contains(byte):
            output.append(UInt8(ascii: "\\"))
            copy()
        // An escape that JSON does not know: the backslash was meant.
        case .some: output.append(contentsOf: #"\\"#.utf8)
        case nil: break
        }
    }

    private mutating func unicode() {
        guard let unit = Self.unit(input.dropFirst()) else {
            output.append(contentsOf: #"\\"#.utf8)
            return
        }
        input.removeFirst(5)
        if (0xD800...0xDBFF).contains(unit), input.starts(with: #"\u"#.utf8), let low = Self.unit(input.dropFirst(2)),
            (0xDC00...0xDFFF).contains(low)
        {
            input.removeFirst(6)
            output.append(contentsOf: Self.unicodeEscape(unit) + Self.unicodeEscape(low))
        } else {
            let isHalf = (0xD800...0xDFFF).contains(unit)
            output.append(contentsOf: Self.unicodeEscape(isHalf ? 0xFFFD : unit))
        }
    }

    /// A number that can be held stays; another becomes a string, one that is none becomes `null`.
    private mutating func number() {
        let token = input.prefix { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        input.removeFirst(token.count)
        let text = String(decoding: token, as: UTF8.self)
        switch text {
        case "NaN", "Infinity", "-Infinity": output.append(contentsOf: "null".utf8)
        case _ where Double(text)?.isFinite == true && Self.isNumber(text) && !Self.isTooLong(token):
            output.append(contentsOf: token)
        default: output.append(contentsOf: "\"\(text)\"".utf8)
        }
    }

    /// Whether these are the digits of a whole number, and more than 64 bits hold.
    private static func isTooLong(_ number: ArraySlice<UInt8>) -> Bool {
        let digits = number.first == UInt8(ascii: "-") ? number.dropFirst() : number
        guard digits.count > 18, digits.allSatisfy({ (48...57).contains($0) }) else { return false }
        return Int64(String(decoding: number, as: UTF8.self)) == nil
    }

    /// Whether JSON writes numbers so: no `007`, `0x1f`, `.5` or `5.`.
    private static func isNumber(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let whole = digits.prefix { $0.isNumber }
        guard !whole.isEmpty, whole == "0" || whole.first != "0" else { return false }
        var rest = digits.dropFirst(whole.count)
        if rest.first == "." {
            let fraction = rest.dropFirst().prefix { $0.isNumber }
            guard !fraction.isEmpty else { return false }
            rest = rest.dropFirst(fraction.count + 1)
        }
        return rest.isEmpty || rest.first == "e" || rest.first == "E"
    }

    private static func unit(_ bytes: ArraySlice<UInt8>) -> UInt16? {
        let digits = bytes.prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static func unicodeEscape(_ unit: UInt16) -> [UInt8] {
        let digits = String(unit, radix: 16)
        return Array(#"\u"#.utf8) + Array(String(repeating: "0", count: 4 - digits.count).utf8) + Array(digits.utf8)
    }
}
