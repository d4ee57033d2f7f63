import Testing

@testable import BridgeConfiguration

@Suite("What only the machine knows")
struct HostCheckTests {
    private let fixture: ConfigurationFixture

    init() throws { fixture = try ConfigurationFixture() }

    private func errors(_ yaml: String) -> [String] {
        fixture.errors(
            bytes: Array("sources: []\n\(yaml)\n".utf8),
            host: HostChecks(
                group: { $0 == "crm" ? nil : "there is no group '\($0)'" },
                tls: { $0.key == $0.certificate ? "no key" : nil }))
    }

    @Test func everyGroupIsLookedUp() {
        #expect(errors("sockets: [{path: a.sock, group: crm}]") == [])
        #expect(
            errors("sockets: [{path: a.sock, group: nobody-here}]\napi: {socket: {path: b.sock, group: nor-here}}") == [
                "2:33: 'group': there is no group 'nobody-here'", "3:37: 'group': there is no group 'nor-here'",
            ])
    }

    @Test func theDefaultGroupMayBeMissing() {
        #expect(errors("api: {socket: b.sock}") == [])
    }

    @Test func certificateAndKeyMustFit() throws {
        try fixture.file("a.pem", [], mode: 0o600)
        let file = "\(fixture.directory)/a.pem"
        #expect(
            errors("webhooks: {tls: {certificate: \(file), key: \(file)}}") == ["2:31: 'tls': no key"])
    }
}
