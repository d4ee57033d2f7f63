import CallModel

/// Who a request really comes from, as text, when proxies stand in between.
enum ClientAddress {
    /// `peer` is who connected; `forwardedFor` the values of the `X-Forwarded-For` headers in order.
    ///
    /// The header counts only where a trusted proxy sent it. Each proxy appends whom it saw, so it is read from the
    /// right: the first address that is no trusted proxy is the client; what stands left of it, the client wrote
    /// itself. An entry that is no address ends the search with nil, which is in no range.
    static func resolve(peer: String?, forwardedFor: [String], trusted: [AddressRange]) -> String? {
        guard let peer else { return nil }
        var client = plain(peer)
        let hops = forwardedFor.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        for hop in hops.reversed() {
            guard trusted.contains(where: { $0.contains(client) }) else { return client }
            guard let address = address(in: hop) else { return nil }
            client = plain(address)
        }
        return client
    }

    /// `1.2.3.4`, `1.2.3.4:5678`, `2001:db8::1`, `[2001:db8::1]:5678`: proxies write all of them.
    private static func address(in hop: Substring) -> String? {
        var text = hop
        while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            text = text[text.index(after: text.startIndex)..<end]
        } else if text.contains("."), let colon = text.firstIndex(of: ":"),
            text[text.index(after: colon)...].utf8.allSatisfy({ (48...57).contains($0) })
        {
            text = text[..<colon]
        }
        let address = String(text)
        return IPAddress(address) == nil ? nil : address
    }

    /// A dual-stack socket says `::ffff:1.2.3.4` for `1.2.3.4`.
    private static func plain(_ address: String) -> String {
        let prefix = "::ffff:"
        guard address.lowercased().hasPrefix(prefix) else { return address }
        let rest = String(address.dropFirst(prefix.count))
        return rest.contains(".") && IPAddress(rest) != nil ? rest : address
    }
}
