import CallModel

/// The part of a URL that is configuration: scheme, host, port and a path to which the rest is added.
package struct BaseURL: Sendable, Hashable, CustomStringConvertible {
    package enum Scheme: String, Sendable {
        case http, https
    }

    package let scheme: Scheme
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    package let host: String
    /// Nil: that of the scheme.
    package let port: UInt16?
    /// Empty, or with a leading and without a trailing slash.
    package let path: String

    /// Why a text is not a base URL; never holds the text, which may carry a password by mistake.
    enum Refusal: Error, Equatable {
        case scheme, userInformation, queryOrFragment, host, port, path

        var message: String {
            switch self {
            case .scheme: "must begin with https:// (or http://)"
            case .userInformation: "must not hold a user name or password; give them in their own keys"
            case .queryOrFragment: "must end with the path: no '?' and no '#'"
            case .host: "has no valid host name"
            case .port: "has no valid port; give 1 to 65535"
            case .path: "has a character in its path that belongs in no URL"
            }
        }
    }

    init(_ text: String) throws(Refusal) {
        let rest: Substring
        if text.hasPrefix("https://") {
            (scheme, rest) = (.https, text.dropFirst(8))
        } else if text.hasPrefix("http://") {
            (scheme, rest) = (.http, text.dropFirst(7))
        } else {
            throw .scheme
        }
        guard !rest.contains("@") else { throw .userInformation }
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else { throw .queryOrFragment }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        (host, port) = try Self.authority(rest[..<slash])
        var path = rest[slash...]
        while path.hasSuffix("/") { path = path.dropLast() }
        guard path.utf8.allSatisfy(Self.isPathByte) else { throw .path }
        self.path = String(path)
    }

    /// Whether no network is crossed on the way there, so that plain HTTP is allowed.
    package var isLoopback: Bool {
        Loopback.contains(host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host)
    }

    package var description: String {
        "\(scheme.rawValue)://\(host)\(port.map { ":\($0)" } ?? "")\(path)"
    }

    private static func authority(_ text: Substring) throws(Refusal) -> (host: String, port: UInt16?) {
        var host = text
        var port: UInt16?
        if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
            let digits = text[text.index(after: colon)...]
            guard let number = UInt16(digits), number > 0, digits.first != "+" else { throw .port }
            host = text[..<colon]
            port = number
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            let address = String(host.dropFirst().dropLast())
            guard address.contains(":"), IPAddress(address) != nil else { throw .host }
        } else {
            // RFC 1123, section 2.1: 255 characters, letters, digits, hyphens, dots.
            guard (1...255).contains(host.utf8.count), !host.hasPrefix("."), !host.contains(".."),
                host.utf8.allSatisfy({ CharacterSets.isAlphanumeric($0) || $0 == 45 || $0 == 46 })
            else { throw .host }
        }
        return (String(host), port)
    }

    /// RFC 3986, section 3.3, `pchar` and `/`.
    private static func isPathByte(_ byte: UInt8) -> Bool {
        CharacterSets.isAlphanumeric(byte) || "/-._~!$&'()*+,;=:%".utf8.contains(byte)
    }
}
