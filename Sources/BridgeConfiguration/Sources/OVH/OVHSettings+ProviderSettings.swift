package import CallModel
import Providers

extension OVHSettings: ProviderSettings {
    package static let provider = OVH.id

    package static func read(_ mapping: MappingReader) -> OVHSettings? {
        let tokens = tokens(mapping)
        // OVH gives each event to one poll of a token.
        mapping.claim(tokens, of: provider, "token", otherwise: "two sources would take each other's events")
        let api = mapping.choice("api", default: APIVersion.v1)
        let url = mapping.providerURL(default: "https://events.voip.ovh.net")
        // Tests and simulators answer sooner than OVH does.
        let shortest: Span = url?.isLoopback == true ? .milliseconds(100) : .seconds(70)
        let pollTimeout = mapping.duration("poll_timeout", default: .seconds(75), in: shortest...(.seconds(90)))
        let emitsRegistered = mapping.boolean("registered", default: false)
        let maxBackoff = mapping.duration("max_backoff", default: .seconds(60), in: .seconds(1)...(.hours(1)))
        guard let url, !tokens.isEmpty else { return nil }
        return OVHSettings(
            tokens: tokens.map(\.value), api: api, url: url, pollTimeout: pollTimeout,
            emitsRegistered: emitsRegistered, maxBackoff: maxBackoff)
    }

    private static func tokens(_ mapping: MappingReader) -> [Located<Redacted<String>>] {
        if mapping.has("token"), mapping.has("tokens") {
            mapping.report("give 'token' or 'tokens', not both", at: mapping.position(of: "tokens"))
        }
        guard mapping.has("tokens") else {
            mapping.skip("tokens")
            return mapping.requiredSecret("token", .token).map { [$0] } ?? []
        }
        mapping.skip("token")
        return mapping.secretList("tokens", .token, atMost: 100)
    }

    package func write(to writer: inout YAMLWriter) {
        writer.secret(tokens.count == 1 ? "token" : "tokens", count: tokens.count)
        writer.line("api", api.rawValue)
        writer.line("url", url.description)
        writer.line("poll_timeout", pollTimeout)
        writer.raw("registered", emitsRegistered ? "true" : "false")
        writer.line("max_backoff", maxBackoff)
    }

    /// One poll for each token.
    package var descriptors: Int { tokens.count }
}
