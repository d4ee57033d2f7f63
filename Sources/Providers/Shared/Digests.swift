package import CallModel
import Crypto

/// Ids are digests, so that they are short, opaque and free of phone numbers, and so that nobody who chooses the parts
/// (a caller chooses his Call-ID) can make two facts look the same.
package func digest(of parts: [String], bytes: Int) -> String {
    var hash = SHA256()
    for part in parts {
        // Length first: ("ab", "c") and ("a", "bc") are different.
        let bytes = Array(part.utf8)
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update(bufferPointer: $0) }
        hash.update(data: bytes)
    }
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in hash.finalize().prefix(bytes) {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

extension FactID {
    /// 16 bytes of the digest, in hexadecimal.
    package init(of parts: [String]) {
        self.init(rawValue: digest(of: parts, bytes: 16))
    }
}

extension CallKey {
    /// Scoped to the source: what two providers call alike are two calls.
    package init(_ source: SourceName, _ parts: String...) {
        self.init(rawValue: digest(of: ["call", source.description] + parts, bytes: 16))
    }
}

/// The name of a session, scoped to the source.
package func sessionName(_ source: SourceName, _ parts: String...) -> String {
    "s" + digest(of: ["session", source.description] + parts, bytes: 10)
}
