import CallModel
import Testing

@testable import Intake

@Suite("Which route a path opens") struct WebhookTableTests {
    private func route(_ source: SourceName, _ method: HTTPRequest.Method, _ secrets: String...) -> WebhookRoute {
        WebhookRoute(source: source, methods: [method], secrets: secrets.map { Redacted($0) })
    }

    @Test func aSourceMayHaveSeveral() {
        let table = WebhookTable([
            route(dmc, .post, "calls", "older"), route(keyyo, .get, "calls"), route(dmc, .get, "messages", "calls"),
        ])
        #expect(table.route(for: "/hooks/sfr-dmc/campaigns/calls")?.methods == [.post])
        #expect(table.route(for: "/hooks/sfr-dmc/campaigns/older")?.methods == [.post])
        #expect(table.route(for: "/hooks/sfr-dmc/campaigns/messages")?.methods == [.get])
        #expect(table.route(for: "/hooks/keyyo/front-desk/calls")?.source == keyyo)
        #expect(table.route(for: "/hooks/keyyo/front-desk/messages") == nil)
        #expect(table.route(for: "/hooks/keyyo/front-desk/") == nil)
    }

    @Test func oneSlashMayFollowTheSecret() {
        let table = WebhookTable([route(dmc, .post, "calls", "")])
        #expect(table.route(for: "/hooks/sfr-dmc/campaigns/calls/")?.source == dmc)
        for path in [
            "/hooks/sfr-dmc/campaigns/calls//", "/hooks/sfr-dmc/campaigns/calls/x", "/hooks/sfr-dmc/campaigns/call/",
            "/hooks/sfr-dmc/campaigns//", "/hooks/sfr-dmc/campaigns//calls", "//hooks/sfr-dmc/campaigns/calls",
            "/hooks/sfr-dmc/campaigns/calls%2F",
        ] {
            #expect(table.route(for: Substring(path)) == nil, "\(path)")
        }
    }

    @Test func anEmptySecretOpensNothing() {
        #expect(WebhookTable([route(dmc, .post, "")]).route(for: "/hooks/sfr-dmc/campaigns/") == nil)
        #expect(WebhookTable([]).route(for: "/hooks/sfr-dmc/campaigns/") == nil)
    }
}
