/// Percent-encodes everything but the unreserved characters of RFC 3986, so that the result fits a path segment and a
/// query value alike.
package func percentEncoded(_ text: String) -> String { percentEncoded(bytes: text.utf8) }

/// The same for text that is already in the bytes of some charset.
func percentEncoded(bytes source: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in source {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            bytes.append(byte)
        default:
            bytes.append(UInt8(ascii: "%"))
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// The same with the hexadecimal digits in lower case, as some clients write them. Expects the result of
/// `percentEncoded`, in which every `%` begins an escape.
func lowercasedEscapes(_ encoded: String) -> String {
    var digitsLeft = 0
    let bytes = encoded.utf8.map { byte -> UInt8 in
        if byte == UInt8(ascii: "%") {
            digitsLeft = 2
        } else if digitsLeft > 0 {
            digitsLeft -= 1
            return (65...70).contains(byte) ? byte + 32 : byte
        }
        return byte
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// Undoes percent-encoding once, with `+` as a blank. A `%` that is not followed by two digits stands for itself.
package func formDecoded(_ text: some StringProtocol) -> String { decodeText(formDecodedBytes(text)) }

/// The same, before the bytes are read as text.
func formDecodedBytes(_ text: some StringProtocol) -> [UInt8] {
    // A plus sign that was escaped is none of these.
    percentDecodedBytes(text.utf8.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
}

/// Undoes percent-encoding once, as in a path. A `%` that is not followed by two digits stands for itself.
package func percentDecodedBytes(_ source: [UInt8]) -> [UInt8] {
    func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 65...70: digit - 55
        case 97...102: digit - 87
        default: nil
        }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.count)
    var index = 0
    while index < source.count {
        if source[index] == UInt8(ascii: "%"), index + 2 < source.count, let high = value(source[index + 1]),
            let low = value(source[index + 2])
        {
            bytes.append(high << 4 | low)
            index += 3
        } else {
            bytes.append(source[index])
            index += 1
        }
    }
    return bytes
}

/// The parameters of a query string, in order and with repetitions.
package func queryParameters(_ query: String) -> [(name: String, value: String)] {
    query.split(separator: "&").map { pair in
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (formDecoded(parts[0]), parts.count > 1 ? formDecoded(parts[1]) : "")
    }
}
