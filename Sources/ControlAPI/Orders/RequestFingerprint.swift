import Crypto

/// A digest of everything a request asks for: 64 hexadecimal digits.
func requestFingerprint(_ fields: [String?]) -> String {
    var digest = SHA256()
    for field in fields {
        // Length first, so that no two requests run together to the same bytes.
        digest.update(data: Array("\(field.map { String($0.utf8.count) } ?? "-"):\(field ?? "")".utf8))
    }
    return digest.finalize().map { byte in
        let text = String(byte, radix: 16)
        return byte < 16 ? "0" + text : text
    }.joined()
}
