import CallModel

/// An IP address and a port to listen on: `127.0.0.1:8480`, `[::1]:8480`.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// Without the brackets of IPv6.
    package let host: String
    /// 0: whichever port is free.
    package let port: UInt16

    /// Nil for anything but an IP literal and a port: a name could resolve to something else tomorrow.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let port = UInt16(digits)
        else { return nil }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard isBracketed == host.contains(":"), IPAddress(String(host)) != nil else { return nil }
        self.host = String(host)
        self.port = port
    }

    package var isLoopback: Bool { Loopback.contains(host) }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// The addresses that never leave the machine (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3).
enum Loopback {
    private static let ranges = ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) }

    static func contains(_ host: String) -> Bool {
        host == "localhost" || ranges.contains { $0.contains(host) }
    }
}
