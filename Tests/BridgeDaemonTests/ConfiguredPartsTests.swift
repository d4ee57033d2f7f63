import BridgeConfiguration
import ControlAPI
import Foundation
import ScratchDirectory
import SystemdSupport
import Testing

@testable import BridgeDaemon

/// What the configuration means for each part.
@Suite struct ConfiguredPartsTests {
    private let options = DaemonOptions(
        configuration: "/x.yaml", checksConfiguration: false, stdout: false, stateDirectory: "/state",
        runtimeDirectory: "/run", credentialsDirectory: nil)

    private func configuration(_ text: String) throws -> Configuration {
        try ConfigurationReader.read(
            bytes: Array("country: FR\nsources: []\n\(text)\n".utf8), path: "/x.yaml", mode: 0o600,
            credentialsDirectory: nil, providers: ProviderCatalog.shipped.settings)
    }

    @Test func theAPIListensOffLoopbackBehindAProxy() throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let token = try scratch.write("token-for-tests-0123456789abcdef", to: "token")
        let text = """
            api:
              http:
                listen: "0.0.0.0:8481"
                behind_proxy: true
                tokens: [{name: crm, file: \(token), may: [read]}]
            """
        #expect(
            Bridge.apiListeners(try configuration(text), options, .none).last
                == .tcp(host: "0.0.0.0", port: 8_481, isBehindProxy: true))
    }

    /// Who may place calls is not what the file says until a restart: it must be said.
    @Test func everyChangeThatNeedsARestartIsNamed() throws {
        let started = try configuration("api: {socket: {path: api.sock, mode: \"0660\", group: one}}")
        func keys(_ text: String) throws -> [String] { try configuration(text).keysToRestartFor(since: started) }
        #expect(try keys("api: {socket: {path: api.sock, mode: \"0660\", group: one}}").isEmpty)
        #expect(try keys("api: {socket: {path: api.sock, mode: \"0600\", group: one}}") == ["api.socket.mode"])
        #expect(try keys("api: {socket: {path: api.sock, group: two}}") == ["api.socket.group"])
        #expect(try keys("api: {socket: {path: b.sock, group: one}}\nstdout: never") == ["api.socket", "stdout"])
    }
}
