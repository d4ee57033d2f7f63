import CCurl
import CallModel

/// Where a request goes, as libcurl understands its URL.
struct RequestTarget: Sendable, Hashable {
    let scheme: String
    let host: String
    let port: String

    /// Nil where libcurl cannot read the URL, it is not `http` or `https`, or it holds a user name.
    init?(url: String) {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        // CURLU_DISALLOW_USER.
        guard curl_url_set(handle, CURLUPART_URL, url, 1 << 5) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: handle), scheme == "http" || scheme == "https",
            let host = Self.part(CURLUPART_HOST, of: handle), !host.isEmpty,
            // CURLU_DEFAULT_PORT: say it also where the URL does not.
            let port = Self.part(CURLUPART_PORT, of: handle, flags: 1 << 0),
            // libcurl forgives `http:/host` and `http:///host`; the configuration should not.
            url.lowercased().hasPrefix("\(scheme)://"), url.utf8.dropFirst(scheme.utf8.count + 3).first != 0x2F
        else { return nil }
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer, flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    var isLoopback: Bool {
        host == "localhost" || host == "[::1]" || host.hasPrefix("127.")
    }

    /// Whether a redirect may lead there: the same host, and the same scheme and port or from plain HTTP to HTTPS on
    /// their default ports. Never from HTTPS to HTTP, and never to another service on the host.
    func mayRedirect(to other: RequestTarget) -> Bool {
        guard host == other.host else { return false }
        return (scheme == other.scheme && port == other.port)
            || (scheme == "http" && port == "80" && other.scheme == "https" && other.port == "443")
    }

    /// Refuses what could not be sent as meant: control characters that would start a new header, text that C would
    /// cut, limits that make no sense.
    static func check(_ request: HTTPRequest) -> Result<RequestTarget, HTTPFailure> {
        func invalid(_ detail: String) -> Result<RequestTarget, HTTPFailure> {
            .failure(HTTPFailure(kind: .invalidRequest, detail: detail, mayHaveBeenSent: false))
        }
        let url = request.url.exposed
        // Blanks and controls: libcurl would encode or refuse them, C would cut at a NUL.
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), let target = RequestTarget(url: url) else {
            return invalid("the URL is not an http or https URL without user name, blanks and control characters")
        }
        guard request.timeout > .milliseconds(0) else { return invalid("the timeout must be more than 0 ms") }
        guard request.maximumReplyBytes >= 0 else { return invalid("the reply limit must not be negative") }
        guard request.method == .post || request.body.isEmpty else {
            return invalid("a \(request.method.rawValue) request with a body")
        }
        for header in request.headers {
            guard isToken(header.name) else { return invalid("a header name is not a token (RFC 9110, section 5.1)") }
            guard isFieldValue(header.value) else {
                return invalid("the value of the header \(header.name) holds a control character")
            }
        }
        switch request.authentication {
        case .none: break
        case .header(let value):
            guard isFieldValue(value.exposed) else {
                return invalid("the value of the header Authorization holds a control character")
            }
        case .basic(let user, let password):
            guard isFieldValue(user), isFieldValue(password.exposed), !user.utf8.contains(UInt8(ascii: ":")) else {
                return invalid("the user name holds a colon, or it or the password a control character")
            }
        case .digest(let user, let password):
            guard isFieldValue(user), isFieldValue(password.exposed) else {
                return invalid("the user name or the password holds a control character")
            }
        }
        if let path = request.unixSocketPath {
            // sockaddr_un.sun_path is 108 bytes with its NUL.
            guard (1...107).contains(path.utf8.count), !path.utf8.contains(0) else {
                return invalid("the path of the Unix socket is empty or longer than 107 bytes")
            }
        }
        return .success(target)
    }

    private static func isFieldValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
