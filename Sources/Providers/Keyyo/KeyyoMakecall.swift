package import CallModel

/// The request that places a call (Keyyo CTI guides, "makecall"): `GET makecall.html`, HTTP Digest with the line and
/// its SIP password, at most one a second and account.
package struct KeyyoMakecall: Sendable {
    private let baseURL: String
    private let account: String
    private let password: Redacted<String>?
    /// One action a second an account (guide 1.5, p. 4), with a margin for clocks that differ.
    package static let interval = Span.milliseconds(1_100)

    package init(baseURL: String, account: String, password: Redacted<String>?) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.account = account
        self.password = password
    }

    /// Whether a call can be placed from `line`: only the account's own can prove itself by our SIP password. Where
    /// Keyyo knows us by our address it is Keyyo that decides.
    package func mayPlace(from line: String?) -> Bool {
        guard let line, password != nil else { return true }
        return Self.plain(line) == account
    }

    /// - Parameters:
    ///   - from: another line than the account's own.
    ///   - name: shown on the phone; encoded, unlike in some modules.
    package func request(to number: String, from: String?, name: String?) -> HTTPRequest {
        let callee = Self.plain(number)
        let line = from.map(Self.plain) ?? account
        var url = "\(baseURL)/makecall.html?ACCOUNT=\(percentEncoded(line))&CALLEE=\(percentEncoded(callee))"
        if let name { url += "&CALLEE_NAME=\(percentEncoded(name))" }
        return HTTPRequest(
            .get, url,
            authentication: password.map { .digest(user: line, password: $0) } ?? .none,
            timeout: .seconds(12), maximumReplyBytes: 64 << 10)
    }

    /// Numbers are written without `+` (guide 1.0); the line is the Digest user too.
    private static func plain(_ number: String) -> String {
        let digits = NumberPlan.digits(of: number) ?? number
        return digits.hasPrefix("+") ? String(digits.dropFirst()) : digits
    }

    /// Only the body `OK` with status 200 is a yes (guide 1.0), and a server's failure may have placed the call.
    package static func result(of reply: HTTPReply) -> PlacementResult {
        let text = decodeText(Array(reply.body.prefix(300)))
        let word = text.filter { !$0.isWhitespace }
        // Whether the refusal is the status line or the body is documented nowhere.
        if "\(reply.status) \(reply.reason)".lowercased().contains("come back later")
            || text.lowercased().contains("come back later")
        {
            return .comeBackLater
        }
        if reply.status == 200, word == "OK" { return .accepted }
        if reply.status == 401 || reply.status == 403 {
            return .refused(status: reply.status, text: loginText(reply), isBarred: false)
        }
        // A server that failed may have acted before it did.
        if (500...599).contains(reply.status) { return .unknown(PlacementResult.reason(of: reply)) }
        if (200...299).contains(reply.status), word.isEmpty {
            return .refused(
                status: reply.status, text: "the provider's answer was empty (\(reply.statusText))", isBarred: false)
        }
        return .refused(status: reply.status, text: PlacementResult.text(of: reply), isBarred: false)
    }

    private static func loginText(_ reply: HTTPReply) -> String {
        switch reply.loginTrouble {
        case .notSpoken:
            "the provider asks for a login that we do not speak (HTTP \(reply.status)): the SIP password was not tried"
        case .neverCurrent:
            "the provider calls each of our logins out of date (HTTP \(reply.status)): the SIP password may be right"
        case nil: "the provider refuses our line or SIP password (HTTP \(reply.status))"
        }
    }
}
