import CallModel
import Testing

@testable import BridgeConfiguration

@Suite("The resolved configuration as text")
struct DescriptionTests {
    private let fixture: ConfigurationFixture

    init() throws { fixture = try ConfigurationFixture() }

    @Test func everyDefaultIsSpelledOut() throws {
        let configuration = try fixture.read(
            """
            country: FR
            sources:
              - {name: paris, provider: ovh, token: {credential: ovh}}
              - {name: sales, provider: voipgrid, username: a@example.nl, password: {credential: password}, a_number: "238"}
              - {name: desk, provider: keyyo, account: "33199000000", secret: {credential: hook}, allow: [10.0.0.0/8]}
            webhooks: {public_url: https://cti.example.com}
            api:
              http: {listen: 127.0.0.1:8481, tokens: [{name: crm, credential: bearer}]}
            """)
        #expect(
            configuration.describe() == """
                country: FR
                stdout: auto
                sources:
                  - name: paris
                    provider: ovh
                    enabled: true
                    country: FR
                    token: [redacted]
                    api: v1
                    url: https://events.voip.ovh.net
                    poll_timeout: 75s
                    registered: false
                    max_backoff: 1m
                  - name: sales
                    provider: voipgrid
                    enabled: true
                    country: FR
                    username: a@example.nl
                    password: [redacted]
                    url: https://api.voipgrid.nl
                    poll_interval: 1s
                    connected_poll_interval: 5s
                    max_age: 4h
                    a_number: "238"
                  - name: desk
                    provider: keyyo
                    enabled: true
                    country: FR
                    account: "33199000000"
                    secret: [redacted]
                    allow: ["10.0.0.0/8"]
                    parameters:
                      account: account
                      caller: caller
                      callee: callee
                      type: type
                      callref: callref
                      version: version
                      dref: dref
                      drefreplace: drefreplace
                      sessionid: sessionid
                      isacd: isacd
                      redirectingnumber: redirectingnumber
                      tsms: tsms
                    url: https://ssl.keyyo.com
                    duplicate_window: 5s
                webhooks:
                  listen: "127.0.0.1:8480"
                  public_url: https://cti.example.com
                  behind_proxy: false
                sockets:
                  - path: events.sock
                    mode: "0660"
                    numbers: clear
                api:
                  socket:
                    path: api.sock
                    mode: "0660"
                    group: ctibridge-admin
                  http:
                    listen: "127.0.0.1:8481"
                    behind_proxy: false
                    tokens:
                      - name: crm
                        value: [redacted]
                        may: ["read"]
                journal:
                  retention: 180d
                  max_size: 2GiB
                  raw: 7d
                model:
                  settle: 2s
                  max_initiated: 2m
                  max_ringing: 3m
                  max_queued: 1h
                  max_connected: 12h
                #
                # Paste these into the providers' forms. Each holds a secret: it is shown here and nowhere else.
                # keyyo/desk: https://cti.example.com/hooks/keyyo/desk/0123456789abcdefHOOK?account=_ACCOUNT_&\
                caller=_CALLER_&callee=_CALLEE_&type=_N_TYPE_&callref=_CALLREF_&version=_N_VERSION_&dref=_DREF_&\
                drefreplace=_DREF_REPLACE_&sessionid=_SESSION_ID_&isacd=_IS_ACD_&\
                redirectingnumber=_REDIRECTING_NUMBER_&tsms=_TSMS_

                """)
    }

    @Test func secretsAreOnlyInTheURLs() throws {
        let configuration = try fixture.read(
            """
            country: FR
            sources:
              - {name: paris, provider: ovh, tokens: [{credential: ovh}, {credential: bearer}]}
              - {name: sales, provider: voipgrid, username: u, api_token: {credential: ovh}}
              - name: desk
                provider: keyyo
                account: "33199000000"
                secret: [{credential: hook}, {credential: bearer}]
                sip_password: {credential: password}
            webhooks: {}
            """)
        let secrets = ["6b1c7f0a-ovh-token", "correct horse battery", "0123456789abcdefHOOK", "0123456789abcdefBEARER"]
        let lines = configuration.describe().split(separator: "\n")
        for secret in secrets {
            let holders = lines.filter { $0.contains(secret) }
            #expect(holders.count == (secret.hasSuffix("HOOK") ? 1 : 0))
            #expect(holders.allSatisfy { $0.hasPrefix("# keyyo/desk: http://127.0.0.1:8480/hooks/keyyo/desk/") })
            #expect(!"\(configuration)".contains(secret))
            #expect(!String(reflecting: configuration).contains(secret))
        }
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(secrets.allSatisfy { !dumped.contains($0) })
        #expect("\(configuration.pasteURLs)".contains("[redacted]"))
        #expect(lines.contains { $0.contains("set webhooks.public_url") })
    }

    @Test func theURLFollowsTheConfiguredNames() throws {
        let configuration = try fixture.read(
            """
            country: FR
            sources:
              - name: desk
                provider: keyyo
                account: "33199000000"
                secret: {credential: hook}
                parameters: {type: etype, tsms: ts, redirectingnumber: redirectby}
            webhooks: {listen: "[::1]:8480"}
            """)
        let url = try #require(configuration.pasteURLs.first)
        #expect(url.source == SourceName(provider: "keyyo", name: "desk"))
        #expect(
            url.url.exposed
                == "http://[::1]:8480/hooks/keyyo/desk/0123456789abcdefHOOK?account=_ACCOUNT_&caller=_CALLER_"
                + "&callee=_CALLEE_&etype=_N_TYPE_&callref=_CALLREF_&version=_N_VERSION_&dref=_DREF_"
                + "&drefreplace=_DREF_REPLACE_&sessionid=_SESSION_ID_&isacd=_IS_ACD_"
                + "&redirectby=_REDIRECTING_NUMBER_&ts=_TSMS_")
    }

    /// What is printed can be read again, once the secrets are back in their places.
    @Test func theDescriptionIsAConfiguration() throws {
        let configuration = try fixture.read(
            """
            country: "NO"
            sources:
              - {name: paris, provider: ovh, token: {credential: ovh}}
              - name: desk
                provider: keyyo
                account: "33199000000"
                secret: {credential: hook}
                allow: ["2001:db8::/32"]
            webhooks: {listen: "0.0.0.0:8480", behind_proxy: true, trusted_proxies: [10.0.0.1]}
            sockets: []
            """)
        let text = configuration.describe()
            .replacing("token: [redacted]", with: "token: {credential: ovh}")
            .replacing("secret: [redacted]", with: "secret: {credential: hook}")
        let again = try fixture.read(text)
        #expect(again.sources == configuration.sources)
        #expect(again.webhooks == configuration.webhooks)
        #expect(again.sockets.isEmpty && again.country == "NO")
        #expect(again.journal == configuration.journal && again.model == configuration.model)
    }
}
