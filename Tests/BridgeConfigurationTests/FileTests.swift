import CallModel
import Foundation
import Providers
import Testing

@testable import BridgeConfiguration

@Suite("Configuration files")
struct FileTests {
    private let fixture: ConfigurationFixture

    init() throws { fixture = try ConfigurationFixture() }

    @Test func readsTheFileAndTheCredentialsBesideIt() throws {
        try fixture.file(
            "ctibridge.yaml",
            Array("country: FR\nsources: [{name: a, provider: ovh, token: {credential: ovh}}]\n".utf8), mode: 0o644)
        let configuration = try ConfigurationReader.read(
            path: fixture.path, credentialsDirectory: nil, providers: testedProviders)
        #expect(configuration.sources.count == 1)
    }

    @Test func theModeOfTheFileCounts() throws {
        let yaml = Array("country: FR\nsources: [{name: a, provider: ovh, token: {value: abc}}]\n".utf8)
        try fixture.file("ctibridge.yaml", yaml, mode: 0o600)
        #expect(
            try ConfigurationReader.read(path: fixture.path, credentialsDirectory: nil, providers: testedProviders)
                .sources.count == 1)
        chmod(fixture.path, 0o644)
        #expect(throws: ConfigurationFailure.self) {
            try ConfigurationReader.read(path: fixture.path, credentialsDirectory: nil, providers: testedProviders)
        }
    }

    @Test func unreadable() {
        let failure = #expect(throws: ConfigurationFailure.self) {
            try ConfigurationReader.read(
                path: fixture.directory + "/absent.yaml", credentialsDirectory: nil, providers: testedProviders)
        }
        #expect(failure?.exitCode == 66)
        #expect(failure?.description == "\(fixture.directory)/absent.yaml: cannot be read: No such file or directory")
        let directory = #expect(throws: ConfigurationFailure.self) {
            try ConfigurationReader.read(path: fixture.directory, credentialsDirectory: nil, providers: testedProviders)
        }
        #expect(directory?.description == "\(fixture.directory): cannot be read: Is a directory")
    }

    @Test func invalid() throws {
        try fixture.file("ctibridge.yaml", Array("sources: 5\nstdot: auto\n".utf8), mode: 0o644)
        let failure = #expect(throws: ConfigurationFailure.self) {
            try ConfigurationReader.read(path: fixture.path, credentialsDirectory: nil, providers: testedProviders)
        }
        #expect(failure?.exitCode == 78)
        #expect(
            failure?.description == """
                \(fixture.path):1:10: 'sources' must be a list
                \(fixture.path):2:1: unknown key 'stdot' in the configuration; did you mean 'stdout'?
                """)
    }

    /// The files that are shipped, with every credential they name.
    @Test(arguments: ["ctibridge.yaml", "demo.yaml"])
    func shippedFiles(name: String) throws {
        for credential in [
            "ovh-paris", "voipgrid-sales", "keyyo-hook", "sfr-hook", "orange-key", "demo-ovh", "demo-voipgrid",
            "demo-voipgrid-hook", "demo-keyyo", "demo-keyyo-sip", "demo-sfr", "demo-orange", "demo-orange-hook",
        ] {
            try fixture.credential(credential, "0123456789-\(credential)")
        }
        let path = Self.shipped(name)
        let configuration = try ConfigurationReader.read(
            path: path, credentialsDirectory: fixture.directory + "/credentials", providers: testedProviders)
        #expect(
            configuration.sources.map(\.name.description) == [
                "ovh/paris", "voipgrid/sales", "keyyo/front-desk", "sfr-dmc/campaigns", "orange/legacy",
            ])
        #expect(configuration.webhooks?.listen.description == "127.0.0.1:8480")
        #expect(configuration.sources.map(\.isEnabled) == [true, true, true, true, name == "demo.yaml"])
    }

    /// What is commented out in the example is right too: uncommented, the file is still valid.
    @Test func commentedKeysOfTheExample() throws {
        let configuration = try fixture.read(try uncommentedExample())
        let ovh = try #require(configuration.sources[0].provider as? OVHSettings)
        let keyyo = try #require(configuration.sources[2].provider as? KeyyoSettings)
        let voipgrid = try #require(configuration.sources[1].provider as? VoIPGRIDSettings)
        let sfr = try #require(configuration.sources[3].provider as? SFRDMCSettings)
        let orange = try #require(configuration.sources[4].provider as? OrangeSettings)
        #expect(!voipgrid.secrets.isEmpty && !voipgrid.allow.isEmpty && !sfr.allow.isEmpty)
        #expect(!configuration.sources[4].isEnabled && !orange.secrets.isEmpty && !orange.allow.isEmpty)
        #expect(orange.names.start != nil && orange.names.callConstants.count == 1)
        #expect(orange.history.url != nil && orange.notifications.words.count == 4)
        #expect(ovh.tokens.count == 2 && keyyo.secrets.count == 2 && keyyo.sipPassword != nil)
        #expect(configuration.sockets.count == 2)
        #expect(configuration.api.http?.tokens.count == 1)
        #expect(configuration.webhooks?.tls != nil && configuration.webhooks?.publicURL != nil)
        // Commented keys show defaults wherever they are no mere example.
        #expect(configuration.journal == .standard && configuration.model == .init())
        #expect(orange.history.elements == OrangeHistory().elements)
        #expect(ovh.api == .v1 && ovh.pollTimeout == .seconds(75) && keyyo.parameters == KeyyoParameters())
    }

    /// `--check-config` spells every default out, and prints no key that the example does not have.
    @Test func everyKeyStandsInTheExample() throws {
        let example = try uncommentedExample()
        let printed = try fixture.read(example).describe().split(separator: "\n")
        let keys = Set(printed.compactMap { $0.wholeMatch(of: /[ -]*([a-z_]+):.*/)?.1 })
        #expect(keys.count >= 60)
        for key in keys {
            #expect(["\n", " ", "{"].contains { example.contains($0 + key + ":") }, "\(key)")
        }
    }

    /// The example with everything that is commented out, and with the credentials that it names.
    private func uncommentedExample() throws -> String {
        for credential in [
            "ovh-paris", "ovh-support", "voipgrid-sales", "keyyo-hook", "keyyo-hook-new", "keyyo-sip", "crm-token",
            "voipgrid-hook", "sfr-hook", "orange-key", "orange-hook", "tls-key",
        ] {
            try fixture.credential(credential, "0123456789-\(credential)")
        }
        try fixture.file("tls.pem", [1], mode: 0o600)
        let text = try String(contentsOfFile: Self.shipped("ctibridge.yaml"), encoding: .utf8)
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indent = line.prefix { $0 == " " }
            let rest = line.dropFirst(indent.count)
            let body = rest.dropFirst(2)
            // A commented key or list item, not prose.
            let word = body.drop { $0 == " " || $0 == "-" || $0 == "{" }.prefix { $0.isLowercase || $0 == "_" }
            let isKey =
                rest.hasPrefix("# ") && !word.isEmpty
                && body.drop { $0 == " " || $0 == "-" || $0 == "{" }
                    .dropFirst(word.count).hasPrefix(":")
            lines.append(isKey ? String(indent + body) : String(line))
        }
        // The alternatives to what is written out already.
        var uncommented = lines.joined(separator: "\n")
        uncommented = uncommented.replacing("    token: {credential: ovh-paris}", with: "    #")
        uncommented = uncommented.replacing("    secret: {credential: keyyo-hook} ", with: "    # ")
        uncommented = uncommented.replacing("/etc/ctibridge/tls.pem", with: fixture.directory + "/tls.pem")
        return uncommented
    }

    private static func shipped(_ name: String) -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return tests.deletingLastPathComponent().appendingPathComponent("etc/ctibridge/\(name)").path
    }
}
