package import CallModel
import Yams

/// Values of the kinds that several keys share. Each returns nil or the default where the value is wrong, after
/// reporting it, so that reading goes on and finds the next error.
extension MappingReader {
    /// Nil where the key is missing or the value is no text: a number without quotes is reported, as it may be a
    /// phone number that lost its zeros.
    package func text(_ key: String) -> Located<String>? { text(key, admitting: []) }

    /// The same for one that must be there; `hint` says how to write it.
    package func requiredText(_ key: String, _ hint: String) -> Located<String>? {
        require(key, hint).flatMap { context.text($0, what: "'\(key)'") }
    }

    private func text(_ key: String, admitting kinds: Set<ScalarKind>) -> Located<String>? {
        take(key).flatMap { context.text($0, what: "'\(key)'", admitting: kinds) }
    }

    package func boolean(_ key: String, default standard: Bool) -> Bool {
        take(key).flatMap { context.boolean($0, what: "'\(key)'") } ?? standard
    }

    /// One of the words of an enumeration.
    package func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ key: String, default standard: Choice
    ) -> Choice {
        guard let written = text(key, admitting: [.number, .boolean, .date]) else { return standard }
        if let choice = Choice(rawValue: written.value) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        context.report("'\(key)' must be one of \(words.joined(separator: ", "))", at: written.position)
        return standard
    }

    /// A number and its unit, `1500ms` or `7d`. The default where it is wrong or out of `range`, which is reported.
    package func duration(_ key: String, default standard: Span, in range: ClosedRange<Span>) -> Span {
        checkedDuration(key, default: standard, in: range) ?? standard
    }

    /// The same; nil where what is written is wrong, for those who would compare it with another value.
    func checkedDuration(_ key: String, default standard: Span, in range: ClosedRange<Span>) -> Span? {
        guard has(key) else {
            skip(key)
            return standard
        }
        guard let written = text(key, admitting: [.number, .date]) else { return nil }
        let bounds = "\(DurationText.write(range.lowerBound)) to \(DurationText.write(range.upperBound))"
        guard let span = DurationText.read(written.value) else {
            context.report(
                "'\(key)' is not a duration; write a whole number and ms, s, m, h or d, such as "
                    + "\(DurationText.write(standard)) (\(bounds))",
                at: written.position)
            return nil
        }
        guard range.contains(span) else {
            context.report("'\(key)' is \(DurationText.write(span)); it must be \(bounds)", at: written.position)
            return nil
        }
        return span
    }

    /// In bytes, written `2GiB`. The default where it is wrong or out of `range`, which is reported.
    package func size(_ key: String, default standard: Int64, in range: ClosedRange<Int64>) -> Int64 {
        guard let written = text(key, admitting: [.number, .date]) else { return standard }
        let bounds = "\(SizeText.write(range.lowerBound)) to \(SizeText.write(range.upperBound))"
        guard let bytes = SizeText.read(written.value) else {
            context.report(
                "'\(key)' is not a size; write a whole number and KiB, MiB, GiB or TiB, such as "
                    + "\(SizeText.write(standard)) (\(bounds))",
                at: written.position)
            return standard
        }
        guard range.contains(bytes) else {
            context.report("'\(key)' is \(SizeText.write(bytes)); it must be \(bounds)", at: written.position)
            return standard
        }
        return bytes
    }

    /// The URL of a provider: `https`, except on this machine. Required where there is no standard one.
    package func providerURL(_ key: String = "url", default standard: String? = nil) -> BaseURL? {
        if let standard, !has(key) {
            _ = take(key)
            return try? BaseURL(standard)
        }
        guard let written = requiredText(key, "the address of the service, beginning with https://"),
            let url = baseURL(written, key: key)
        else { return nil }
        if url.scheme == .http, !url.isLoopback {
            context.report(
                "'\(key)' must begin with https://: the credentials would travel in the clear",
                at: written.position)
        }
        return url
    }

    func baseURL(_ written: Located<String>, key: String) -> BaseURL? {
        do {
            return try BaseURL(written.value)
        } catch {
            context.report("'\(key)' \(error.message)", at: written.position)
            return nil
        }
    }

    /// Where to listen. Off loopback it must be said that `isProtected`, or anybody between could read along.
    func listenAddress(_ key: String, default standard: String?) -> Located<ListenAddress>? {
        let written: Located<String>?
        if let standard {
            written =
                has(key)
                ? text(key, admitting: [.number, .date])
                : {
                    _ = take(key); return Located(standard, position)
                }()
        } else {
            written = requiredText(key, "an address and a port, such as 127.0.0.1:8481")
        }
        guard let written else { return nil }
        guard let address = ListenAddress(written.value) else {
            context.report(
                "'\(key)' is not an address and a port; write 127.0.0.1:8480 or \"[::1]:8480\"", at: written.position)
            return nil
        }
        return Located(address, written.position)
    }

    /// Up to 1,000 addresses and networks; those that are wrong are reported and left out. A list that is there must
    /// not be empty.
    package func addresses(_ key: String) -> [AddressEntry] {
        guard let node = take(key), let items = context.list(node, what: "'\(key)'") else { return [] }
        guard !items.isEmpty else {
            context.report("'\(key)' is empty; name an address or network, or leave the key out", at: node.position)
            return []
        }
        guard items.count <= 1_000 else {
            context.report("'\(key)' holds more than 1000 entries; use networks", at: node.position)
            return []
        }
        return items.compactMap { item in
            guard let written = context.text(item, what: "an entry of '\(key)'") else { return nil }
            guard let range = AddressRange(written.value) else {
                context.report(
                    "an entry of '\(key)' is not an address or network, such as 192.0.2.1 or 192.0.2.0/24",
                    at: written.position)
                return nil
            }
            return AddressEntry(text: written.value, range: range)
        }
    }

    /// Permission bits in octal: `"0660"`.
    func mode(_ key: String, default standard: UInt32) -> UInt32 {
        guard let written = text(key) else { return standard }
        let digits = written.value.utf8
        guard (3...4).contains(digits.count), digits.allSatisfy({ (48...55).contains($0) }),
            let bits = UInt32(written.value, radix: 8), bits <= 0o777, bits & 0o600 == 0o600
        else {
            context.report(
                "'\(key)' is not a file mode that lets the owner read and write; write one such as \"0660\"",
                at: written.position)
            return standard
        }
        return bits
    }

    /// A name from `/etc/group`, by the rules of useradd(8).
    func group(_ key: String) -> SocketGroup? {
        guard let written = text(key) else { return nil }
        guard (1...32).contains(written.value.utf8.count),
            written.value.utf8.allSatisfy({
                CharacterSets.isURLSafe($0) || $0 == UInt8(ascii: ".")
            })
        else {
            context.report("'\(key)' is not the name of a group", at: written.position)
            return nil
        }
        if let reason = context.host.group(written.value) {
            context.report("'\(key)': \(reason)", at: written.position)
            return nil
        }
        return SocketGroup(name: written.value, isRequired: true)
    }

    /// The path of a Unix socket. A path of more than 107 bytes fits in no address (unix(7)).
    func socketPath(_ written: Located<String>, key: String) -> String? {
        let parts = written.value.split(separator: "/", omittingEmptySubsequences: false)
        guard written.value.utf8.count <= 107, !parts.contains(".."), parts.last?.isEmpty == false else {
            context.report(
                "'\(key)' is not the path of a socket: at most 107 bytes, no '..', a file name at the end",
                at: written.position)
            return nil
        }
        return written.value
    }

    /// An absolute path to a file that can be read now, or `{credential: name}`.
    func readablePath(_ key: String) -> Located<String>? {
        guard let node = require(key, "the absolute path of a PEM file, or {credential: name}") else { return nil }
        let path: Located<String>
        if case .mapping = node {
            guard let mapping = MappingReader(node, what: "'\(key)'", context: context, hidesKeys: true) else {
                return nil
            }
            defer { mapping.finish() }
            guard let name = mapping.requiredText("credential", "the name of a credential") else { return nil }
            do {
                path = Located(try context.secrets.path(ofCredential: name.value), name.position)
            } catch {
                context.report("'\(key)': \(error.message)", at: name.position)
                return nil
            }
        } else {
            guard let written = context.text(node, what: "'\(key)'") else { return nil }
            path = written
        }
        guard path.value.hasPrefix("/") else {
            context.report("'\(key)' must be an absolute path, such as /etc/ctibridge/tls.pem", at: path.position)
            return nil
        }
        if let reason = context.secrets.reasonNotReadable(path.value) {
            context.report("'\(key)': \(path.value) cannot be read: \(reason)", at: path.position)
            return nil
        }
        return path
    }
}
