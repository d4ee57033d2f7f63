import CallModel
import Yams

extension VoIPGRIDSettings {
    /// Nil where something is wrong, which has then been reported.
    static func read(_ mapping: MappingReader) -> SourcesReader.Settings? {
        let context = mapping.context
        let username = mapping.requiredText("username", "the mail address of the VoIPGRID user")
        if let username, username.value.contains(":") {
            context.report("'username' must not hold a colon, which ends it (RFC 7617)", at: username.position)
        }
        let credential = credential(mapping)
        let url = mapping.providerURL("https://api.voipgrid.nl")
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
        guard let username, let credential, let url else { return nil }
        return .init(
            value: .voipgrid(
                VoIPGRIDSettings(
                    username: username.value, credential: credential, url: url, pollInterval: pollInterval,
                    connectedPollInterval: connectedPollInterval, maxAge: maxAge, aNumber: aNumber, aCLI: aCLI,
                    bCLI: bCLI)))
    }

    private static func credential(_ mapping: MappingReader) -> Credential? {
        let context = mapping.context
        if mapping.has("password"), mapping.has("api_token") {
            context.report("give 'password' or 'api_token', not both", at: mapping.position(of: "api_token"))
        }
        if let node = mapping.take("api_token") {
            _ = mapping.take("password")
            return context.secret(node, what: "'api_token'", rule: .token).map { .apiToken($0.value) }
        }
        return mapping.require("password", "\(ReadingContext.secretHint); or give 'api_token'")
            .flatMap { context.secret($0, what: "'password'", rule: .any) }.map { .password($0.value) }
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
            context.report(
                "'\(key)' must be digits, with or without a leading '+'"
                    + (key == "a_number" ? "" : ", or default_number"),
                at: written.position)
            return nil
        }
        return written.value
    }
}
