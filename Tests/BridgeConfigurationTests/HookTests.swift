import CallModel
import Testing

@testable import BridgeConfiguration

/// A provider with two URLs, and a credential that one source must have to itself.
private struct TwinSettings: ProviderSettings {
    static let provider: ProviderID = "twin"

    let key: Redacted<String>
    let secrets: [Redacted<String>]

    static func read(_ mapping: MappingReader) -> TwinSettings? {
        let key = mapping.requiredSecret("key", .any)
        mapping.claim(key.map { [$0] } ?? [], of: provider, "key", otherwise: "one of the two would be deaf")
        let secrets = mapping.hookSecrets("secret")
        guard let key, !secrets.isEmpty else { return nil }
        return TwinSettings(key: key.value, secrets: secrets)
    }

    func write(to writer: inout YAMLWriter) {
        writer.secret("key")
        writer.secret("secret", count: secrets.count)
    }

    var hooks: [Hook] {
        [
            Hook(label: "call URL", methods: [.post], secrets: secrets, query: "kind=call"),
            Hook(label: "message URL", methods: [.post], secrets: secrets),
        ]
    }
}

@Suite("Hooks, and what sources must not share")
struct HookTests {
    private let fixture: ConfigurationFixture

    init() throws { fixture = try ConfigurationFixture() }

    private func read(_ sources: String) throws(ConfigurationFailure) -> Configuration {
        try ConfigurationReader.read(
            bytes: Array("country: FR\nwebhooks: {}\nsources:\n\(sources)".utf8), path: fixture.path, mode: 0o600,
            credentialsDirectory: nil, providers: testedProviders + [TwinSettings.self])
    }

    @Test func eachURLSaysWhereItBelongs() throws {
        let text = try read("  - {name: a, provider: twin, key: {value: x}, secret: {credential: hook}}\n").describe()
        #expect(
            text.hasSuffix(
                """
                # twin/a, call URL: http://127.0.0.1:8480/hooks/twin/a/0123456789abcdefHOOK?kind=call
                # twin/a, message URL: http://127.0.0.1:8480/hooks/twin/a/0123456789abcdefHOOK

                """))
    }

    @Test func theURLsOfADisabledSourceAreNotToBePasted() throws {
        let source = "{name: a, provider: twin, enabled: false, key: {value: x}, secret: {credential: hook}}"
        #expect(try read("  - \(source)\n").pasteURLs.isEmpty)
    }

    @Test func aCredentialIsSharedWithinNoProvider() throws {
        let sources = """
              - {name: a, provider: twin, key: {credential: ovh}, secret: {credential: hook}}
              - {name: b, provider: ovh, token: {credential: ovh}}
              - {name: c, provider: twin, key: {credential: ovh}, secret: {credential: hook}}

            """
        do {
            _ = try read(sources)
            Issue.record("accepted")
        } catch {
            #expect(error.lines == ["\(fixture.path):6:37: the same key as in line 4; one of the two would be deaf"])
        }
    }

    @Test func sourcesAreEqualAsTheirSettingsAre() throws {
        func source(_ provider: String) throws -> SourceConfiguration {
            try #require(try read("  - {name: a, \(provider)}\n").sources.first)
        }
        let twin = "provider: twin, key: {value: x}, secret: {credential: hook}"
        #expect(try source(twin) == source(twin))
        #expect(try source(twin).hashValue == source(twin).hashValue)
        #expect(try source(twin) != source(twin.replacing("value: x", with: "value: y")))
        #expect(try source(twin) != source(twin + ", enabled: false"))
        #expect(try source(twin) != source("provider: ovh, token: {value: x}"))
    }
}
