/// A URL on this machine that gets what a provider sends.
package struct PushTarget: Sendable, Equatable {
    /// Only for this line or service; nil for every one without a target of its own.
    package let account: String?
    package let address: LoopbackAddress
    /// Path and query.
    package let path: String

    /// Reads `http://127.0.0.1:8480/hooks/…`, with `33199000020=` in front for one line or service only. TLS would need
    /// certificates that nobody trusts, so plain HTTP is all there is.
    /// - Parameter option: What the text was given as, for the error.
    package init(_ text: String, option: String) throws(SimulatorError) {
        var rest = text[...]
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, text[digits.endIndex...].hasPrefix("=") {
            account = String(digits)
            rest = text[digits.endIndex...].dropFirst()
        } else {
            account = nil
        }
        guard rest.hasPrefix("http://") else {
            throw .invalid("\(option) \"\(text)\" must begin with http:// (or NUMBER=http://)")
        }
        rest = rest.dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest.dropFirst(authority.count)
        address = try LoopbackAddress(String(authority), defaultPort: 80)
        guard address.port != 0, path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") })
        else { throw .invalid("\(option) \"\(text)\" is not a URL of printable characters with a port above 0") }
        self.path = path.hasPrefix("/") ? String(path) : "/" + path
    }

    init(account: String?, address: LoopbackAddress, path: String) {
        self.account = account
        self.address = address
        self.path = path
    }
}

extension [PushTarget] {
    /// The target of an account, else the one for all; the last given wins.
    func target(for account: String) -> PushTarget? {
        last { $0.account == account } ?? last { $0.account == nil }
    }
}
