package import CallModel
import FoundationEssentials

/// Takes secrets out of bytes before anything keeps them.
///
/// Two ways at once: the secrets we know, in the forms in which they can appear (plain, base64, and both
/// percent-encoded), and the JSON fields in which a provider puts secrets, whatever their value.
package struct SecretScrubber: Sendable, Hashable {
    /// What stands where a secret was.
    package static let replacement = "[redacted]"

    private let needles: [[UInt8]]
    private let fields: [[UInt8]]

    /// - Parameter fields: JSON string fields to empty, in either case.
    package init(secrets: [Redacted<String>], fields: [String] = []) {
        var needles: Set<[UInt8]> = []
        for secret in secrets where !secret.exposed.isEmpty {
            for text in [secret.exposed, Data(secret.exposed.utf8).base64EncodedString()] {
                needles.insert(Array(text.utf8))
                needles.insert(Array(percentEncoded(text).utf8))
                needles.insert(Array(lowercasedEscapes(percentEncoded(text)).utf8))
            }
        }
        self.needles = needles.sorted { $0.count > $1.count }
        self.fields = fields.map { Array($0.lowercased().utf8) }
    }

    package func scrub(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for needle in needles { bytes = Self.replace(needle, in: bytes) }
        return fields.isEmpty ? bytes : emptyFields(bytes)
    }

    package func scrub(_ text: String) -> String {
        String(decoding: scrub(Array(text.utf8)), as: UTF8.self)
    }

    private static func replace(_ needle: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        guard !needle.isEmpty, bytes.count >= needle.count else { return bytes }
        var result: [UInt8] = []
        var index = 0
        var hasFound = false
        while index < bytes.count {
            if bytes[index] == needle[0], index + needle.count <= bytes.count,
                bytes[index..<(index + needle.count)].elementsEqual(needle)
            {
                if !hasFound {
                    hasFound = true
                    result = Array(bytes[..<index])
                }
                result.append(contentsOf: replacement.utf8)
                index += needle.count
            } else {
                if hasFound { result.append(bytes[index]) }
                index += 1
            }
        }
        return hasFound ? result : bytes
    }

    /// Replaces the string value of `"field": "…"`. Works on text that is no valid JSON as well.
    private func emptyFields(_ bytes: [UInt8]) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            result.append(bytes[index])
            guard bytes[index] == quote, let field = fields.first(where: { Self.name($0, standsIn: bytes, at: index) })
            else {
                index += 1
                continue
            }
            var end = index + 1 + field.count + 1
            while end < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[end]) { end += 1 }
            guard end < bytes.count, bytes[end] == UInt8(ascii: ":") else {
                index += 1
                continue
            }
            end += 1
            while end < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[end]) { end += 1 }
            guard end < bytes.count, bytes[end] == quote else {
                index += 1
                continue
            }
            result.append(contentsOf: bytes[(index + 1)...end])
            result.append(contentsOf: Self.replacement.utf8)
            index = end + 1
            while index < bytes.count, bytes[index] != quote {
                index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
            }
        }
        return result
    }

    private static func name(_ field: [UInt8], standsIn bytes: [UInt8], at quote: Int) -> Bool {
        guard quote + field.count + 1 < bytes.count, bytes[quote + field.count + 1] == UInt8(ascii: "\"") else {
            return false
        }
        for offset in field.indices {
            var byte = bytes[quote + 1 + offset]
            if (65...90).contains(byte) { byte += 32 }
            if byte != field[offset] { return false }
        }
        return true
    }
}
