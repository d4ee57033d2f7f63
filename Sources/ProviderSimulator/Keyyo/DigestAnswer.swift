/// The `Authorization: Digest` header of a client (RFC 7616, section 3.4), with `qop=auth`.
package struct DigestAnswer: Sendable, Equatable {
    package var username = ""
    package var realm = ""
    package var nonce = ""
    package var uri = ""
    package var response = ""
    package var algorithm = DigestAlgorithm.md5
    package var cnonce = ""
    package var opaque = ""
    package var qop = ""
    /// Eight hexadecimal digits.
    package var nonceCount = ""

    package init() {}

    /// Nil if the header is of another scheme, malformed, or names an unknown algorithm.
    package init?(_ header: String) {
        guard header.prefix(7).lowercased() == "digest ", let fields = Self.fields(header.dropFirst(7)) else {
            return nil
        }
        username = fields["username"] ?? ""
        realm = fields["realm"] ?? ""
        nonce = fields["nonce"] ?? ""
        uri = fields["uri"] ?? ""
        response = fields["response"] ?? ""
        cnonce = fields["cnonce"] ?? ""
        opaque = fields["opaque"] ?? ""
        qop = fields["qop"] ?? ""
        nonceCount = fields["nc"] ?? ""
        if let name = fields["algorithm"] {
            guard let known = DigestAlgorithm.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() })
            else { return nil }
            algorithm = known
        }
    }

    /// What `response` must be (RFC 7616, section 3.4.1).
    package func expectedResponse(method: String, password: String) -> String {
        var secret = algorithm.hash("\(username):\(realm):\(password)")
        if algorithm == .md5Session { secret = algorithm.hash("\(secret):\(nonce):\(cnonce)") }
        let request = algorithm.hash("\(method):\(uri)")
        return algorithm.hash("\(secret):\(nonce):\(nonceCount):\(cnonce):\(qop):\(request)")
    }

    /// `name=value` and `name="value"`, separated by commas; a name twice is malformed.
    static func fields(_ text: Substring) -> [String: String]? {
        var fields: [String: String] = [:]
        var rest = text.drop { $0 == " " }
        while !rest.isEmpty {
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let name = rest[..<equals].filter { $0 != " " }.lowercased()
            rest = rest[rest.index(after: equals)...].drop { $0 == " " }
            var value = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while let character = rest.popFirst(), character != "\"" {
                    if character == "\\" {
                        guard let escaped = rest.popFirst() else { return nil }
                        value.append(escaped)
                    } else {
                        value.append(character)
                    }
                    if rest.isEmpty { return nil }
                }
            } else {
                value = rest.prefix { $0 != "," && $0 != " " }.description
                rest = rest.dropFirst(value.count)
            }
            guard !name.isEmpty, fields.updateValue(value, forKey: name) == nil else { return nil }
            rest = rest.drop { $0 == " " }
            guard rest.isEmpty || rest.first == "," else { return nil }
            rest = rest.dropFirst().drop { $0 == " " }
        }
        return fields
    }
}
