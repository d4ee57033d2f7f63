package import CallModel
import Providers

extension KeyyoSettings: ProviderSettings {
    package static let provider = Keyyo.id

    package static func read(_ mapping: MappingReader) -> KeyyoSettings? {
        let account = account(mapping)
        let secrets = mapping.hookSecrets("secret")
        let allow = mapping.addresses("allow")
        let parameters = mapping.section("parameters", parameters) ?? KeyyoParameters()
        let sipPassword = mapping.secret("sip_password", .any)
        let url = mapping.providerURL(default: "https://ssl.keyyo.com")
        let duplicateWindow = mapping.duration(
            "duplicate_window", default: .seconds(5), in: .seconds(1)...(.hours(1)))
        guard let account, let url, !secrets.isEmpty else { return nil }
        return KeyyoSettings(
            account: account, secrets: secrets, allow: allow, parameters: parameters,
            sipPassword: sipPassword?.value, url: url, duplicateWindow: duplicateWindow)
    }

    private static func account(_ mapping: MappingReader) -> String? {
        let written = mapping.requiredText("account", "the line's number, international without '+', in quotes")
        guard let written else { return nil }
        // Keyyo, CTI guide 1.5: numeric, at most 64.
        guard (1...64).contains(written.value.utf8.count), written.value.utf8.allSatisfy(CharacterSets.isDigit) else {
            mapping.report(
                "'account' must be digits alone: the line's number, international without '+'", at: written.position)
            return nil
        }
        return written.value
    }

    /// The key of each is the parameter's default name.
    private static func parameters(_ mapping: MappingReader) -> KeyyoParameters {
        var names: [KeyyoParameters.Keyword: String] = [:]
        var positions: [KeyyoParameters.Keyword: Position] = [:]
        for keyword in KeyyoParameters.Keyword.allCases {
            guard let written = mapping.text(keyword.defaultName) else { continue }
            guard (1...64).contains(written.value.utf8.count),
                written.value.utf8.allSatisfy({
                    CharacterSets.isURLSafe($0) || $0 == UInt8(ascii: ".")
                })
            else {
                mapping.report(
                    "the parameter's name for '\(keyword.defaultName)' is 1 to 64 characters of A-Z a-z 0-9 _ - .",
                    at: written.position)
                continue
            }
            // Only what differs: a default that is written out is the same configuration.
            if written.value != keyword.defaultName { names[keyword] = written.value }
            positions[keyword] = written.position
        }
        let parameters = KeyyoParameters(names: names)
        reportShared(parameters, positions, mapping)
        return parameters
    }

    /// Two values under one name could not be told apart; the defaults count too.
    private static func reportShared(
        _ parameters: KeyyoParameters, _ positions: [KeyyoParameters.Keyword: Position], _ mapping: MappingReader
    ) {
        var owners: [String: KeyyoParameters.Keyword] = [:]
        // The unwritten ones first, so that the error stands where somebody wrote.
        let ordered = KeyyoParameters.Keyword.allCases.sorted {
            (positions[$0] ?? .start) < (positions[$1] ?? .start)
        }
        for keyword in ordered {
            let name = parameters.name(of: keyword)
            if let owner = owners[name] {
                mapping.report(
                    "'\(keyword.defaultName)' and '\(owner.defaultName)' share a parameter's name; give each its own",
                    at: positions[keyword] ?? mapping.position)
            } else {
                owners[name] = keyword
            }
        }
    }

    package func write(to writer: inout YAMLWriter) {
        writer.line("account", account)
        writer.secret("secret", count: secrets.count)
        writer.list("allow", allow.map(\.text))
        writer.section("parameters") { writer in
            for keyword in KeyyoParameters.Keyword.allCases {
                writer.line(keyword.defaultName, parameters.name(of: keyword))
            }
        }
        if sipPassword != nil { writer.secret("sip_password") }
        writer.line("url", url.description)
        writer.line("duplicate_window", duplicateWindow)
    }

    /// Keyyo sends one GET a notification, with its keywords in the URL replaced (Keyyo, CTI guide 1.5).
    package var hooks: [Hook] {
        [Hook(methods: [.get], secrets: secrets, allow: allow, query: parameters.template)]
    }
}
