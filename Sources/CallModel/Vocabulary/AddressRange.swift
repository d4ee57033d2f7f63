/// One IP address or one network: `1.2.3.4`, `10.0.0.0/8`, `::1`, `2001:db8::/32`.
///
/// IPv4 is kept as IPv4-mapped IPv6 (RFC 4291, section 2.5.5.2), so that a peer which a dual-stack socket reports as
/// `::ffff:1.2.3.4` is in the range `1.2.3.4`.
package struct AddressRange: Sendable, Hashable {
    private let network: IPAddress
    /// 0 to 128, counted in the mapped form: an IPv4 `/8` is 104 here.
    private let prefixLength: Int

    /// Reads an address or `address/bits`; nil for anything else.
    ///
    /// Bits of the address beyond the prefix are ignored: `10.1.2.3/8` is `10.0.0.0/8`. IPv4 octets with leading
    /// zeros are refused, because some readers take them for octal.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        let widest = address.isWrittenAsIPv4 ? 32 : 128
        var bits = widest
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard (1...3).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
                digits.count == 1 || digits.first != 48, let given = Int(parts[1]), given <= widest
            else { return nil }
            bits = given
        }
        prefixLength = bits + 128 - widest
        network = address.prefix(prefixLength)
    }

    /// Whether the address written as `addressText` is in this range; false where it is not an address.
    ///
    /// An IPv6 zone (`fe80::1%eth0`) is ignored.
    package func contains(_ addressText: String) -> Bool {
        guard let address = IPAddress(addressText) else { return false }
        return contains(address)
    }

    /// IPv4 in either form: a peer `::ffff:1.2.3.4` is in `1.2.3.4`.
    package func contains(_ address: IPAddress) -> Bool {
        address.prefix(prefixLength) == network
    }
}
