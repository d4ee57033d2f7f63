package import CallModel
import Providers

extension VoIPGRIDSettings: ProviderSettings {
    package static let provider = VoIPGRID.id

    package static func read(_ mapping: MappingReader) -> VoIPGRIDSettings? {
        let username = mapping.requiredText("username", "the name of the VoIPGRID user, a mail address as a rule")
        if let username, username.value.contains(":") {
            mapping.report("'username' must not hold a colon, which ends it (RFC 7617)", at: username.position)
        }
        let credential = credential(mapping)
        let url = mapping.providerURL(default: "https://api.voipgrid.nl")
        // Tests and simulators need no sparing.
        let isLocal = url?.isLoopback == true
        let pollInterval = mapping.duration(
            "poll_interval", default: .seconds(1),
            in: (isLocal ? .milliseconds(20) : .milliseconds(500))...(.seconds(10)))
        let connectedPollInterval = mapping.duration(
            "connected_poll_interval", default: .seconds(5),
            in: (isLocal ? .milliseconds(20) : .seconds(1))...(.minutes(1)))
        let maxAge = mapping.duration("max_age", default: .hours(4), in: .minutes(1)...(.hours(24)))
        let aNumber = mapping.number("a_number")
        let aCLI = mapping.number("a_cli")
        let bCLI = mapping.number("b_cli")
        // Only who wants to hear of all calls has VoIPGRID report them.
        let hook = mapping.optionalHook()
        guard let username, let credential, let url, let hook else { return nil }
        return VoIPGRIDSettings(
            username: username.value, credential: credential, url: url, pollInterval: pollInterval,
            connectedPollInterval: connectedPollInterval, maxAge: maxAge, aNumber: aNumber, aCLI: aCLI, bCLI: bCLI,
            secrets: hook.secrets, allow: hook.allow)
    }

    private static func credential(_ mapping: MappingReader) -> Credential? {
        if mapping.has("password"), mapping.has("api_token") {
            mapping.report("give 'password' or 'api_token', not both", at: mapping.position(of: "api_token"))
        }
        guard mapping.has("api_token") else {
            mapping.skip("api_token")
            return mapping.requiredSecret("password", .any, hint: "\(SecretRule.hint); or give 'api_token'")
                .map { .password($0.value) }
        }
        mapping.skip("password")
        return mapping.secret("api_token", .token).map { .apiToken($0.value) }
    }

    package func write(to writer: inout YAMLWriter) {
        writer.line("username", username)
        switch credential {
        case .password: writer.secret("password")
        case .apiToken: writer.secret("api_token")
        }
        writer.line("url", url.description)
        writer.line("poll_interval", pollInterval)
        writer.line("connected_poll_interval", connectedPollInterval)
        writer.line("max_age", maxAge)
        if let aNumber { writer.line("a_number", aNumber) }
        if let aCLI { writer.line("a_cli", aCLI) }
        if let bCLI { writer.line("b_cli", bCLI) }
        if !secrets.isEmpty { writer.secret("secret", count: secrets.count) }
        writer.list("allow", allow.map(\.text))
    }

    /// VoIPGRID posts JSON about all calls once the URL is registered (help pages of the reseller Voys on call
    /// notifications).
    package var hooks: [Hook] {
        secrets.isEmpty ? [] : [Hook(label: "call notifications", methods: [.post], secrets: secrets, allow: allow)]
    }
}

extension MappingReader {
    /// A number or extension, or the word that stands for the first number of VoIPGRID's list.
    fileprivate func number(_ key: String) -> String? {
        guard let written = text(key) else { return nil }
        let digits =
            written.value.utf8.first == UInt8(ascii: "+") ? written.value.utf8.dropFirst() : written.value.utf8[...]
        let isNumber = (1...32).contains(digits.count) && digits.allSatisfy(CharacterSets.isDigit)
        guard isNumber || (written.value == "default_number" && key != "a_number") else {
            report(
                "'\(key)' must be digits, with or without a leading '+'"
                    + (key == "a_number" ? "" : ", or default_number"),
                at: written.position)
            return nil
        }
        return written.value
    }
}
