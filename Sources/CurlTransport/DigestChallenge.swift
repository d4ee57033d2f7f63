/// What a `WWW-Authenticate` line says of a Digest login (RFC 7616, section 3.3).
struct DigestChallenge {
    /// The kinds of protection offered (`qop`), in lower case; nil where the challenge names none, as in RFC 2069.
    private(set) var qualities: [String]?

    /// Of several challenges in the line the first Digest one counts. Nil where there is none.
    init?(_ line: String) {
        var rest = line.unicodeScalars[...]
        var isDigest = false
        while !rest.isEmpty {
            rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," }
            let name = rest.prefix { !" \t,=".unicodeScalars.contains($0) }
            rest = rest.dropFirst(name.count)
            rest = rest.drop { $0 == " " || $0 == "\t" }
            guard rest.first == "=" else {
                // A name without a value is the scheme of the next challenge.
                if isDigest { return }
                isDigest = String(name).lowercased() == "digest"
                continue
            }
            let value = Self.value(&rest)
            if isDigest, qualities == nil, String(name).lowercased() == "qop" {
                qualities = value.lowercased().split { $0 == "," || $0 == " " || $0 == "\t" }.map(String.init)
            }
        }
        if !isDigest { return nil }
    }

    /// What stands behind the `=` with which `rest` begins, without its quotes.
    private static func value(_ rest: inout Substring.UnicodeScalarView) -> String {
        rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
        var value = String.UnicodeScalarView()
        guard rest.first == "\"" else {
            value.append(contentsOf: rest.prefix { !" \t,".unicodeScalars.contains($0) })
            rest = rest.dropFirst(value.count)
            return String(value)
        }
        rest = rest.dropFirst()
        while let scalar = rest.popFirst(), scalar != "\"" {
            if scalar == "\\" {
                if let escaped = rest.popFirst() { value.append(escaped) }
            } else {
                value.append(scalar)
            }
        }
        return String(value)
    }
}
