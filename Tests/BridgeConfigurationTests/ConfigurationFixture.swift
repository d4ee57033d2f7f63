import Foundation
import ScratchDirectory

@testable import BridgeConfiguration

/// The providers these tests are about.
let testedProviders: [any ProviderSettings.Type] = [
    OVHSettings.self, VoIPGRIDSettings.self, KeyyoSettings.self, SFRDMCSettings.self, OrangeSettings.self,
]

/// A directory of its own for each test, with a configuration file and credentials in it.
final class ConfigurationFixture {
    private let scratch: ScratchDirectory
    var directory: String { scratch.path }
    var path: String { directory + "/ctibridge.yaml" }

    init() throws {
        scratch = try ScratchDirectory()
        try FileManager.default.createDirectory(
            atPath: directory + "/credentials", withIntermediateDirectories: false)
        try credential("ovh", "6b1c7f0a-ovh-token")
        try credential("password", "correct horse battery")
        try credential("hook", "0123456789abcdefHOOK")
        try credential("bearer", "0123456789abcdefBEARER")
    }

    func credential(_ name: String, _ content: String, mode: mode_t = 0o600) throws {
        try file("credentials/\(name)", Array(content.utf8), mode: mode)
    }

    func file(_ name: String, _ content: [UInt8], mode: mode_t) throws {
        try Data(content).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
        chmod("\(directory)/\(name)", mode)
    }

    func read(_ yaml: String, mode: UInt32 = 0o644, credentials: String? = nil) throws -> Configuration {
        try ConfigurationReader.read(
            bytes: Array(yaml.utf8), path: path, mode: mode, credentialsDirectory: credentials,
            providers: testedProviders)
    }

    /// What is wrong with `yaml`, as `LINE:COLUMN: message`.
    func errors(_ yaml: String, mode: UInt32 = 0o644, credentials: String? = nil) -> [String] {
        errors(bytes: Array(yaml.utf8), mode: mode, credentials: credentials)
    }

    func errors(
        bytes: [UInt8], mode: UInt32 = 0o644, credentials: String? = nil, host: HostChecks = .none
    ) -> [String] {
        do {
            _ = try ConfigurationReader.read(
                bytes: bytes, path: path, mode: mode, credentialsDirectory: credentials, providers: testedProviders,
                host: host)
            return []
        } catch {
            return error.lines.map { String($0.dropFirst(path.count + 1)) }
        }
    }
}
