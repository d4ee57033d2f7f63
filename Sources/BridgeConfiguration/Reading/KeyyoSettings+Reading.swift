import CallModel
import Yams

extension KeyyoSettings {
    /// Nil where something is wrong, which has then been reported.
    static func read(_ mapping: MappingReader) -> SourcesReader.Settings? {
        let context = mapping.context
        let account = account(mapping)
        let secrets =
            mapping.require("secret", "\(ReadingContext.secretHint), or a list of up to 4 of them")
            .map { context.secrets($0, what: "'secret'", rule: .pathSegment, atMost: 4) } ?? []
        let allow = mapping.addresses("allow")
        let parameters = parameters(mapping)
        let sipPassword = mapping.take("sip_password")
            .flatMap { context.secret($0, what: "'sip_password'", rule: .any) }
        let url = mapping.providerURL("https://ssl.keyyo.com")
        let duplicateWindow = mapping.duration(
            "duplicate_window", default: .seconds(5), in: .seconds(1)...(.hours(1)))
        guard let account, let url, !secrets.isEmpty else { return nil }
        return .init(
            value: .keyyo(
                KeyyoSettings(
                    account: account, secrets: secrets.map(\.value), allow: allow, parameters: parameters,
                    sipPassword: sipPassword?.value, url: url, duplicateWindow: duplicateWindow)))
    }

    private static func account(_ mapping: MappingReader) -> String? {
        let written = mapping.requiredText("account", "the line's number, international without '+', in quotes")
        guard let written else { return nil }
        // Keyyo, CTI guide 1.5: numeric, at most 64.
        guard (1...64).contains(written.value.utf8.count), written.value.utf8.allSatisfy(CharacterSets.isDigit) else {
            mapping.context.report(
                "'account' must be digits alone: the line's number, international without '+'", at: written.position)
            return nil
        }
        return written.value
    }

    private static func parameters(_ mapping: MappingReader) -> KeyyoParameterNames {
        var parameters = KeyyoParameterNames()
        let context = mapping.context
        guard let node = mapping.take("parameters"),
            let names = MappingReader(node, what: "'parameters'", context: context)
        else { return parameters }
        var positions: [String: Position] = [:]
        for value in KeyyoParameterNames.values {
            guard let written = names.text(value.key) else { continue }
            guard (1...64).contains(written.value.utf8.count),
                written.value.utf8.allSatisfy({
                    CharacterSets.isURLSafe($0) || $0 == UInt8(ascii: ".")
                })
            else {
                context.report(
                    "the parameter's name for '\(value.key)' is 1 to 64 characters of A-Z a-z 0-9 _ - .",
                    at: written.position)
                continue
            }
            parameters[keyPath: value.path] = written.value
            positions[value.key] = written.position
        }
        names.finish()
        reportShared(parameters, positions, at: names.position, in: context)
        return parameters
    }

    /// Two values under one name could not be told apart; the defaults count too.
    private static func reportShared(
        _ parameters: KeyyoParameterNames, _ positions: [String: Position], at position: Position,
        in context: ReadingContext
    ) {
        var owners: [String: String] = [:]
        // The unwritten ones first, so that the error stands where somebody wrote.
        let ordered = KeyyoParameterNames.values.sorted {
            (positions[$0.key] ?? .start) < (positions[$1.key] ?? .start)
        }
        for value in ordered {
            let name = parameters[keyPath: value.path]
            if let owner = owners[name] {
                context.report(
                    "'\(value.key)' and '\(owner)' share a parameter's name; give each its own",
                    at: positions[value.key] ?? position)
            } else {
                owners[name] = value.key
            }
        }
    }
}
