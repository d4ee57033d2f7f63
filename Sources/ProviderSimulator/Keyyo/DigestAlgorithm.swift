internal import Crypto

/// Hash functions of HTTP Digest (RFC 7616, section 3) that clients of Keyyo's makecall support.
package enum DigestAlgorithm: String, Sendable, CaseIterable {
    case md5 = "MD5"
    case md5Session = "MD5-sess"
    case sha256 = "SHA-256"

    func hash(_ text: String) -> String {
        switch self {
        case .md5, .md5Session: Self.hexadecimal(Insecure.MD5.hash(data: Array(text.utf8)))
        case .sha256: Self.hexadecimal(SHA256.hash(data: Array(text.utf8)))
        }
    }

    private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
