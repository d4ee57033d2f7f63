import CallModel
import Providers
import Testing

@testable import BridgeConfiguration

@Suite("What a short configuration means")
struct DefaultsTests {
    private let fixture: ConfigurationFixture

    init() throws { fixture = try ConfigurationFixture() }

    @Test func theShortestFile() throws {
        let configuration = try fixture.read("sources: []\n")
        #expect(configuration.country == nil)
        #expect(configuration.stdout == .auto)
        #expect(configuration.sources.isEmpty)
        #expect(configuration.webhooks == nil)
        #expect(
            configuration.sockets == [
                SocketConfiguration(path: "events.sock", mode: 0o660, group: nil, numbers: .clear)
            ])
        #expect(configuration.api.socket == "api.sock")
        #expect(configuration.api.socketMode == 0o660)
        #expect(configuration.api.socketGroup == SocketGroup(name: "ctibridge-admin", isRequired: false))
        #expect(configuration.api.http == nil)
        #expect(
            configuration.journal == JournalConfiguration(retention: .days(180), maxSize: 2_147_483_648, raw: .days(7)))
        #expect(configuration.model == TrackerLimits())
        #expect(configuration.pasteURLs.isEmpty)
    }

    @Test func ovh() throws {
        let configuration = try fixture.read(
            """
            country: FR
            sources: [{name: paris, provider: ovh, token: {credential: ovh}}]
            """)
        let source = try #require(configuration.sources.first)
        #expect(source.name.description == "ovh/paris")
        #expect(source.country == "FR")
        #expect(source.isEnabled)
        #expect(!source.provider.isPushed)
        let settings = try #require(source.provider as? OVHSettings)
        #expect(settings.tokens.map(\.exposed) == ["6b1c7f0a-ovh-token"])
        #expect(settings.api == .v1)
        #expect(settings.url.description == "https://events.voip.ovh.net")
        #expect(settings.pollTimeout == .seconds(75))
        #expect(!settings.emitsRegistered)
        #expect(settings.maxBackoff == .seconds(60))
    }

    @Test func voipgrid() throws {
        let configuration = try fixture.read(
            """
            sources:
              - {name: sales, provider: voipgrid, country: NL, username: a@example.nl, password: {credential: password}}
            """)
        #expect(configuration.country == nil)
        let source = try #require(configuration.sources.first)
        #expect(source.country == "NL")
        let settings = try #require(source.provider as? VoIPGRIDSettings)
        #expect(settings.username == "a@example.nl")
        #expect(settings.credential == .password(Redacted("correct horse battery")))
        #expect(settings.url.description == "https://api.voipgrid.nl")
        #expect(settings.pollInterval == .seconds(1))
        #expect(settings.connectedPollInterval == .seconds(5))
        #expect(settings.maxAge == .hours(4))
        #expect(settings.aNumber == nil && settings.aCLI == nil && settings.bCLI == nil)
    }

    @Test func keyyo() throws {
        let configuration = try fixture.read(
            """
            country: FR
            sources: [{name: desk, provider: keyyo, account: "33199000000", secret: {credential: hook}}]
            webhooks: {}
            """)
        let source = try #require(configuration.sources.first)
        #expect(source.provider.isPushed)
        let settings = try #require(source.provider as? KeyyoSettings)
        #expect(settings.account == "33199000000")
        #expect(settings.secrets.map(\.exposed) == ["0123456789abcdefHOOK"])
        #expect(settings.allow.isEmpty)
        #expect(settings.parameters == KeyyoParameters())
        #expect(settings.sipPassword == nil)
        #expect(settings.url.description == "https://ssl.keyyo.com")
        #expect(settings.duplicateWindow == .seconds(5))
        let webhooks = try #require(configuration.webhooks)
        #expect(webhooks.listen.description == "127.0.0.1:8480")
        #expect(webhooks.publicURL == nil && webhooks.tls == nil && !webhooks.isBehindProxy)
        #expect(webhooks.trustedProxies.isEmpty)
    }

    @Test func everyKeySetToSomethingElse() throws {
        let configuration = try fixture.read(
            """
            country: FR
            stdout: never
            sources:
              - name: paris
                provider: ovh
                enabled: false
                country: BE
                tokens: [{credential: ovh}, {value: "another-token"}]
                api: v2
                url: http://127.0.0.1:8490/ovh/
                poll_timeout: 500ms
                registered: true
                max_backoff: 2s
              - name: sales
                provider: voipgrid
                username: a@example.nl
                api_token: {credential: ovh}
                poll_interval: 500ms
                connected_poll_interval: 2s
                max_age: 10m
                a_number: "238"
                a_cli: "+33199000001"
                b_cli: default_number
              - name: desk
                provider: keyyo
                account: "33199000000"
                secret: [{credential: hook}, {value: "another-hook-secret"}]
                allow: [62.39.136.157, 10.0.0.0/8, "::1"]
                parameters: {type: etype, sessionid: session}
                sip_password: {credential: password}
                duplicate_window: 30s
            webhooks:
              listen: "[::]:8480"
              public_url: https://cti.example.com/x/
              behind_proxy: true
              trusted_proxies: [127.0.0.1]
            sockets:
              - {path: /run/other/events.sock, mode: "0600", group: ctibridge, numbers: masked}
            api:
              socket: {path: control.sock, mode: "660", group: admins}
              http:
                listen: 127.0.0.1:8481
                tokens: [{name: crm, credential: bearer, may: [read, dial]}, {name: wall, value: "0123456789abcdefWALL"}]
            journal: {retention: 30d, max_size: 64MiB, raw: 36h}
            model: {settle: 500ms, max_initiated: 1m, max_ringing: 90s, max_queued: 2h, max_connected: 1d}
            """, mode: 0o600)
        #expect(configuration.stdout == .never)
        #expect(configuration.sources.map(\.country) == ["BE", "FR", "FR"])
        #expect(configuration.sources.map(\.isEnabled) == [false, true, true])
        let ovh = try #require(configuration.sources[0].provider as? OVHSettings)
        let voipgrid = try #require(configuration.sources[1].provider as? VoIPGRIDSettings)
        let keyyo = try #require(configuration.sources[2].provider as? KeyyoSettings)
        #expect(ovh.tokens.map(\.exposed) == ["6b1c7f0a-ovh-token", "another-token"])
        #expect(ovh.api == .v2 && ovh.emitsRegistered)
        #expect(ovh.url.description == "http://127.0.0.1:8490/ovh")
        #expect(ovh.pollTimeout == .milliseconds(500) && ovh.maxBackoff == .seconds(2))
        #expect(voipgrid.credential == .apiToken(Redacted("6b1c7f0a-ovh-token")))
        #expect(voipgrid.pollInterval == .milliseconds(500) && voipgrid.connectedPollInterval == .seconds(2))
        #expect(voipgrid.maxAge == .minutes(10))
        #expect(voipgrid.aNumber == "238" && voipgrid.aCLI == "+33199000001" && voipgrid.bCLI == "default_number")
        #expect(keyyo.secrets.map(\.exposed) == ["0123456789abcdefHOOK", "another-hook-secret"])
        #expect(keyyo.allow.map(\.text) == ["62.39.136.157", "10.0.0.0/8", "::1"])
        #expect(keyyo.allow.map { $0.range.contains("10.2.3.4") } == [false, true, false])
        #expect(keyyo.parameters.name(of: .type) == "etype")
        #expect(keyyo.parameters.name(of: .session) == "session")
        #expect(keyyo.parameters.name(of: .dialog) == "dref")
        #expect(keyyo.sipPassword?.exposed == "correct horse battery")
        #expect(keyyo.duplicateWindow == .seconds(30))
        #expect(configuration.webhooks?.listen.description == "[::]:8480")
        #expect(configuration.webhooks?.publicURL?.description == "https://cti.example.com/x")
        #expect(configuration.webhooks?.trustedProxies.map(\.text) == ["127.0.0.1"])
        #expect(
            configuration.sockets == [
                SocketConfiguration(
                    path: "/run/other/events.sock", mode: 0o600,
                    group: SocketGroup(name: "ctibridge", isRequired: true), numbers: .masked)
            ])
        #expect(configuration.api.socket == "control.sock" && configuration.api.socketMode == 0o660)
        #expect(configuration.api.socketGroup == SocketGroup(name: "admins", isRequired: true))
        let http = try #require(configuration.api.http)
        #expect(http.listen.description == "127.0.0.1:8481")
        #expect(http.tokens.map(\.name) == ["crm", "wall"])
        #expect(http.tokens.map(\.may) == [[.read, .dial], [.read]])
        #expect(http.tokens.map(\.secret.exposed) == ["0123456789abcdefBEARER", "0123456789abcdefWALL"])
        #expect(configuration.journal == JournalConfiguration(retention: .days(30), maxSize: 64 << 20, raw: .hours(36)))
        #expect(
            configuration.model
                == TrackerLimits(
                    settle: .milliseconds(500), maxInitiated: .minutes(1), maxRinging: .seconds(90),
                    maxQueued: .hours(2), maxConnected: .days(1)))
    }
}
