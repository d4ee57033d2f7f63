import CallModel
import Yams

extension OVHSettings {
    /// Nil where something is wrong, which has then been reported.
    static func read(_ mapping: MappingReader) -> SourcesReader.Settings? {
        let tokens = tokens(mapping)
        let api = mapping.choice("api", default: APIVersion.v1)
        let url = mapping.providerURL("https://events.voip.ovh.net")
        // Tests and simulators answer sooner than OVH does.
        let shortest: Span = url?.isLoopback == true ? .milliseconds(100) : .seconds(70)
        let pollTimeout = mapping.duration("poll_timeout", default: .seconds(75), in: shortest...(.seconds(90)))
        let emitsRegistered = mapping.boolean("registered", default: false)
        let maxBackoff = mapping.duration("max_backoff", default: .seconds(60), in: .seconds(1)...(.hours(1)))
        guard let url, !tokens.isEmpty else { return nil }
        let settings = OVHSettings(
            tokens: tokens.map(\.value), api: api, url: url, pollTimeout: pollTimeout,
            emitsRegistered: emitsRegistered, maxBackoff: maxBackoff)
        return .init(value: .ovh(settings), tokenPositions: tokens.map(\.position))
    }

    private static func tokens(_ mapping: MappingReader) -> [Located<Redacted<String>>] {
        let context = mapping.context
        if mapping.has("token"), mapping.has("tokens") {
            context.report("give 'token' or 'tokens', not both", at: mapping.position(of: "tokens"))
        }
        let many = mapping.take("tokens")
        if let many {
            _ = mapping.take("token")
            guard context.list(many, what: "'tokens'") != nil else { return [] }
            return context.secrets(many, what: "'tokens'", rule: .token, atMost: 100)
        }
        return mapping.require("token", ReadingContext.secretHint)
            .flatMap { context.secret($0, what: "'token'", rule: .token) }.map { [$0] } ?? []
    }
}
