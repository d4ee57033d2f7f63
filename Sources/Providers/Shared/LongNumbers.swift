/// Whole numbers that no integer of 64 bits holds, in JSON: ids that a provider writes without quotes. A reader that makes
/// a fraction of them loses digits, so they are put into quotes before it sees them.
enum LongNumbers {
    /// The same text with the longest numbers quoted; not touched within strings.
    static func quoted(_ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + 16)
        var place = 0
        while place < text.count {
            let start = place
            switch text[place] {
            case UInt8(ascii: "\""): place = endOfString(text, from: place)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                while place < text.count, isOfNumber(text[place]) { place += 1 }
                if isTooLong(text[start..<place]) {
                    output.append(UInt8(ascii: "\""))
                    output += text[start..<place]
                    output.append(UInt8(ascii: "\""))
                    continue
                }
            default: place += 1
            }
            output += text[start..<place]
        }
        return output
    }

    /// Whether these are the digits of a whole number as JSON writes it, and more than 64 bits hold.
    static func isTooLong(_ number: ArraySlice<UInt8>) -> Bool {
        let digits = number.first == UInt8(ascii: "-") ? number.dropFirst() : number
        guard digits.count > 18, digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return false }
        return Int64(String(decoding: number, as: UTF8.self)) == nil
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private static func endOfString(_ text: [UInt8], from start: Int) -> Int {
        var place = start + 1
        while place < text.count {
            if text[place] == UInt8(ascii: "\\") {
                place += 2
            } else if text[place] == UInt8(ascii: "\"") {
                return place + 1
            } else {
                place += 1
            }
        }
        return text.count
    }
}
