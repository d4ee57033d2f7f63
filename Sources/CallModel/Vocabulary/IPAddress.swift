/// An IPv4 or IPv6 address as 128 bits; IPv4 in its IPv4-mapped form (RFC 4291, section 2.5.5.2).
package struct IPAddress: Sendable, Hashable {
    package let high: UInt64
    package let low: UInt64
    /// Whether the text was dotted IPv4: says how wide a prefix length can be. Not part of the identity.
    let isWrittenAsIPv4: Bool

    private init(high: UInt64, low: UInt64, isWrittenAsIPv4: Bool = false) {
        self.high = high
        self.low = low
        self.isWrittenAsIPv4 = isWrittenAsIPv4
    }

    /// Reads `1.2.3.4`, `2001:db8::1`, `::ffff:1.2.3.4`, each IPv6 form also with a zone, which is ignored. Nil for
    /// anything else.
    package init?(_ text: String) {
        let bytes = text.utf8
        // 45 is the longest address text; a zone is an interface name of at most 15.
        guard (2...64).contains(bytes.count) else { return nil }
        if let octets = Self.octets(bytes[...]) {
            self.init(high: 0, low: 0xFFFF_0000_0000 | octets, isWrittenAsIPv4: true)
            return
        }
        var address = bytes[...]
        if let percent = address.firstIndex(of: UInt8(ascii: "%")) {
            guard address.index(after: percent) != address.endIndex else { return nil }
            address = address[..<percent]
        }
        guard let (high, low) = Self.ipv6(address) else { return nil }
        self.init(high: high, low: low)
    }

    /// Whether this is an IPv4 address, whatever form it was written in.
    package var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// The first `length` bits (0 to 128), the rest zero.
    package func prefix(_ length: Int) -> IPAddress {
        // Shifts of 64 and more give 0 in Swift, which is what a mask wants.
        let highMask = length >= 64 ? UInt64.max : ~(UInt64.max >> UInt64(max(length, 0)))
        let lowMask = length <= 64 ? 0 : ~(UInt64.max >> UInt64(min(length, 128) - 64))
        return IPAddress(high: high & highMask, low: low & lowMask)
    }

    package static func == (left: IPAddress, right: IPAddress) -> Bool {
        left.high == right.high && left.low == right.low
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(high)
        hasher.combine(low)
    }

    private static func octets(_ text: Substring.UTF8View) -> UInt64? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt64 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (48...57).contains($0) }),
                part.count == 1 || part.first != 48
            else { return nil }
            let octet = part.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 48) }
            guard octet <= 255 else { return nil }
            value = value << 8 | octet
        }
        return value
    }

    private static func ipv6(_ text: Substring.UTF8View) -> (high: UInt64, low: UInt64)? {
        guard let gap = doubleColon(in: text) else {
            guard let groups = groups(text), groups.count == 8 else { return nil }
            return pack(groups)
        }
        let before = text[..<gap]
        let after = text[text.index(gap, offsetBy: 2)...]
        guard doubleColon(in: after) == nil, after.first != UInt8(ascii: ":"),
            let head = before.isEmpty ? [] : groups(before, mayEndInIPv4: false),
            let tail = after.isEmpty ? [] : groups(after),
            head.count + tail.count <= 7
        else { return nil }
        return pack(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func doubleColon(in text: Substring.UTF8View) -> Substring.UTF8View.Index? {
        zip(text.indices, text.indices.dropFirst())
            .first { text[$0.0] == UInt8(ascii: ":") && text[$0.1] == UInt8(ascii: ":") }?.0
    }

    private static func groups(_ text: Substring.UTF8View, mayEndInIPv4: Bool = true) -> [UInt64]? {
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var groups: [UInt64] = []
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, let octets = octets(part) {
                groups += [octets >> 16, octets & 0xFFFF]
            } else if (1...4).contains(part.count), let group = UInt64(Substring(part), radix: 16), part.first != 43 {
                groups.append(group)
            } else {
                return nil
            }
        }
        return groups
    }

    private static func pack(_ groups: [UInt64]) -> (high: UInt64, low: UInt64) {
        (groups[..<4].reduce(0) { $0 << 16 | $1 }, groups[4...].reduce(0) { $0 << 16 | $1 })
    }
}
