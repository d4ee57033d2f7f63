import CCurl
import Glibc

/// What is kept of a reply's status line and headers, read line by line as libcurl delivers them.
struct ReplyHead {
    /// Seconds since 1970 by this host's clock, for a `Retry-After` that is a date.
    private let now: Int

    /// All header lines of one request together, interim and Digest replies included.
    static let maximumBytes = 64 << 10
    /// Longer reasons and content types are cut here: they are shown to people.
    static let maximumTextBytes = 256

    private(set) var reason = ""
    private(set) var contentType: String?
    private(set) var retryAfterSeconds: Int?
    /// The first Digest challenge, which is the one that libcurl answers, wants more than the request line signed
    /// (`qop="auth-int"` alone): libcurl does not speak that, and sends a login that can only be wrong.
    private(set) var wantsBodySigned = false
    private var hasDigestChallenge = false
    /// How many status lines were seen: a request that was answered is not sent again by accident.
    private(set) var statusLines = 0
    private var bytesSeen = 0

    init(now: Int = time(nil)) {
        self.now = now
    }

    enum Step: Equatable {
        case goOn
        /// Another reply begins: the body of the one before, if any, is not the answer.
        case begunAnew
        case tooLong
    }

    /// `line` with its line end. Case of names does not matter; of a repeated header the last counts.
    mutating func read(_ line: UnsafeRawBufferPointer) -> Step {
        bytesSeen += line.count
        guard bytesSeen <= Self.maximumBytes else { return .tooLong }
        let text = trimmed(line[...])
        if text.starts(with: "HTTP/".utf8) {
            statusLines += 1
            // HTTP/1.1 200 OK: the text after the second blank.
            let parts = text.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
            reason = parts.count == 3 ? shortened(parts[2]) : ""
            contentType = nil
            retryAfterSeconds = nil
            (wantsBodySigned, hasDigestChallenge) = (false, false)
            return .begunAnew
        }
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return .goOn }
        let value = trimmed(text[text.index(after: colon)...])
        switch text[..<colon] {
        case let name where isName(name, "content-type"):
            contentType = shortened(value)
        case let name where isName(name, "retry-after"):
            retryAfterSeconds = retryAfter(value)
        case let name where isName(name, "www-authenticate") && !hasDigestChallenge:
            guard let challenge = DigestChallenge(String(decoding: value, as: UTF8.self)) else { break }
            hasDigestChallenge = true
            wantsBodySigned = challenge.qualities.map { !$0.contains("auth") } ?? false
        default: break
        }
        return .goOn
    }

    private typealias Bytes = Slice<UnsafeRawBufferPointer>

    /// A count of seconds or a date (RFC 9110, section 10.2.3). A sign or more than 9 digits (31 years): as if it were
    /// not there.
    private func retryAfter(_ value: Bytes) -> Int? {
        if (1...9).contains(value.count), value.allSatisfy({ (48...57).contains($0) }) {
            return value.reduce(0) { $0 * 10 + Int($1 - 48) }
        }
        // Only what has the shape of a date: libcurl reads almost anything as one.
        guard value.count <= 40, value.contains(UInt8(ascii: ":")) else { return nil }
        let date = curl_getdate(String(decoding: value, as: UTF8.self), nil)
        return date < 0 ? nil : max(0, date - now)
    }

    private func isName(_ bytes: Bytes, _ name: String) -> Bool {
        guard bytes.count == name.utf8.count else { return false }
        for (byte, expected) in zip(bytes, name.utf8) {
            let lower = (65...90).contains(byte) ? byte + 32 : byte
            if lower != expected { return false }
        }
        return true
    }

    private func shortened(_ bytes: Bytes) -> String {
        String(decoding: bytes.prefix(Self.maximumTextBytes), as: UTF8.self)
    }

    private func trimmed(_ bytes: Bytes) -> Bytes {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
        return rest
    }
}
