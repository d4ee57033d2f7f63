import CallModel
import Foundation
import Providers
import Testing

@testable import BridgeConfiguration

@Suite("Sources of SFR DMC, Orange and VoIPGRID's notifications")
struct ReportingProviderTests {
    private let fixture: ConfigurationFixture

    init() throws { fixture = try ConfigurationFixture() }

    private static let urls =
        "urls: {call: \"https://a.example/call\", conference: \"https://a.example/conf\", sms: \"https://a.example/sms\"}"
    private static let orange = "{name: a, provider: orange, access_key: {credential: ovh}, \(urls)"
    private static let sfr = "{name: a, provider: sfr-dmc, secret: {credential: hook}"
    private static let voipgrid = "{name: a, provider: voipgrid, username: u, password: {credential: password}"

    private func source(_ text: String) throws -> SourceConfiguration {
        try #require(
            try fixture.read("country: FR\nwebhooks: {}\nsources:\n  - \(text)\n", mode: 0o600).sources.first)
    }

    // MARK: - Defaults

    @Test func defaultsOfSFR() throws {
        let source = try source("\(Self.sfr)}")
        #expect(source.name.description == "sfr-dmc/a" && source.isEnabled)
        #expect(source.provider.isPushed && !source.provider.isLegacy && !source.provider.tellsItsURL)
        let settings = try #require(source.provider as? SFRDMCSettings)
        #expect(settings.secrets.map(\.exposed) == ["0123456789abcdefHOOK"])
        #expect(settings.allow.isEmpty)
        #expect(settings.zone == .paris)
        #expect(settings.hooks.map(\.methods) == [[.post]])
    }

    @Test func defaultsOfOrange() throws {
        let source = try source("\(Self.orange)}")
        // The provider has closed it: nobody shall wait for calls of it by mistake.
        #expect(!source.isEnabled && source.provider.isLegacy)
        #expect(!source.provider.isPushed && !source.provider.tellsItsURL)
        let settings = try #require(source.provider as? OrangeSettings)
        #expect(settings.accessKey.exposed == "6b1c7f0a-ovh-token")
        #expect(settings.services.call.description == "https://a.example/call")
        #expect(settings.services.conference.description == "https://a.example/conf")
        #expect(settings.services.sms.description == "https://a.example/sms")
        #expect(settings.from == nil && settings.sender == nil)
        #expect(settings.secrets.isEmpty && settings.allow.isEmpty && settings.hooks.isEmpty)
        #expect(settings.names == OrangeNames())
        #expect(settings.names.accessMode == "access_mode" && settings.names.callers == "caller_numbers")
        #expect(settings.names.confirmation == nil && settings.names.start == nil)
        #expect(settings.charset == .utf8)
        #expect(settings.history == OrangeHistory() && settings.history.url == nil)
        #expect(settings.notifications == OrangeNotifications())
        #expect(settings.duplicateWindow == nil)
    }

    @Test func onlyALegacySourceIsOffUnlessSwitchedOn() throws {
        #expect(try source("\(Self.orange), enabled: true}").isEnabled)
        #expect(try !source("\(Self.orange), enabled: false}").isEnabled)
        #expect(try source("\(Self.voipgrid)}").isEnabled)
    }

    @Test func defaultsOfVoIPGRIDsNotifications() throws {
        let source = try source("\(Self.voipgrid)}")
        #expect(!source.provider.isPushed)
        let settings = try #require(source.provider as? VoIPGRIDSettings)
        #expect(settings.secrets.isEmpty && settings.allow.isEmpty)
    }

    // MARK: - Every key

    @Test func everyKeyOfSFR() throws {
        let settings = try #require(
            try source(
                "{name: a, provider: sfr-dmc, secret: [{credential: hook}, {value: another-hook-secret}], "
                    + "allow: [10.0.0.0/8, \"::1\"], zone: UTC}"
            ).provider as? SFRDMCSettings)
        #expect(settings.secrets.map(\.exposed) == ["0123456789abcdefHOOK", "another-hook-secret"])
        #expect(settings.allow.map(\.text) == ["10.0.0.0/8", "::1"])
        #expect(settings.zone == .utc)
    }

    @Test func everyKeyOfVoIPGRIDsNotifications() throws {
        let source = try source(
            "\(Self.voipgrid), secret: [{credential: hook}, {value: another-hook-secret}], allow: [10.0.0.0/8]}")
        let settings = try #require(source.provider as? VoIPGRIDSettings)
        #expect(source.provider.isPushed)
        #expect(settings.secrets.map(\.exposed) == ["0123456789abcdefHOOK", "another-hook-secret"])
        #expect(settings.allow.map(\.text) == ["10.0.0.0/8"])
        #expect(settings.hooks.map(\.methods) == [[.post]])
    }

    private static let everyKeyOfOrange = """
        country: FR
        sources:
          - name: legacy
            provider: orange
            enabled: true
            access_key: {value: "an access/key"}
            urls:
              call: http://127.0.0.1:8490/orange/call/
              conference: http://127.0.0.1:8490/orange/conf
              sms: http://127.0.0.1:8490/orange/sms
            from: "+33199000050"
            sender: "20345"
            secret: {credential: hook}
            allow: [10.0.0.0/8]
            parameters:
              confirmation: confirm
              access_mode: mode
              callers: list
              start: begins
              call: {private: "true", shown: "33199000051"}
              sms: {ack: "1"}
            charset: iso-8859-1
            history:
              url: http://127.0.0.1:8490/orange/sms/getHistory.xml
              parameter: call_id
              elements: [Etat, status]
              words: {Received: delivered, NoWay: failed}
              interval: 10s
              max_age: 5m
            notifications:
              call: call_id
              conference: conf_id
              state: state
              words: {Calling: initiated, joined: connected, Refused: rejected}
            duplicate_window: 3s
        webhooks: {public_url: https://cti.example.com}
        """

    @Test func everyKeyOfOrange() throws {
        let text = Self.everyKeyOfOrange.replacing("an access/key", with: "an-access/key")
        let configuration = try fixture.read(text, mode: 0o600)
        let source = try #require(configuration.sources.first)
        let settings = try #require(source.provider as? OrangeSettings)
        #expect(source.isEnabled && source.provider.isPushed && source.provider.tellsItsURL)
        #expect(settings.accessKey.exposed == "an-access/key")
        #expect(settings.services.call.description == "http://127.0.0.1:8490/orange/call")
        #expect(settings.from == "+33199000050" && settings.sender == "20345")
        #expect(settings.secrets.map(\.exposed) == ["0123456789abcdefHOOK"])
        #expect(settings.allow.map(\.text) == ["10.0.0.0/8"])
        #expect(settings.names.confirmation == "confirm")
        #expect(settings.names.accessMode == "mode" && settings.names.callers == "list")
        #expect(settings.names.start == "begins")
        #expect(settings.names.callConstants == ["private": "true", "shown": "33199000051"])
        #expect(settings.names.messageConstants == ["ack": "1"])
        #expect(settings.charset == .latin1)
        #expect(settings.history.url == "http://127.0.0.1:8490/orange/sms/getHistory.xml")
        #expect(settings.history.parameter == "call_id")
        #expect(settings.history.elements == ["etat", "status"])
        #expect(settings.history.status(of: "RECEIVED") == .delivered)
        #expect(settings.history.status(of: "noway") == .failed)
        #expect(settings.history.interval == .seconds(10) && settings.history.maximumAge == .minutes(5))
        #expect(settings.notifications.call == "call_id" && settings.notifications.conference == "conf_id")
        #expect(settings.notifications.state == "state")
        #expect(
            settings.notifications.words == [
                "calling": .state(.initiated), "joined": .state(.connected), "refused": .ended(.rejected),
            ])
        #expect(settings.duplicateWindow == .seconds(3))
        #expect(settings.hooks.map(\.methods) == [[.get, .post], [.get, .post]])
    }

    /// What `--check-config` prints can be read again, once the secrets are back in their places.
    @Test func whatIsPrintedCanBeRead() throws {
        let text = Self.everyKeyOfOrange.replacing("{value: \"an access/key\"}", with: "{credential: ovh}")
        let configuration = try fixture.read(text)
        let described = configuration.describe()
        #expect(described.contains("    access_key: [redacted]\n") && described.contains("    secret: [redacted]\n"))
        let again = try fixture.read(
            described.replacing("access_key: [redacted]", with: "access_key: {credential: ovh}")
                .replacing("secret: [redacted]", with: "secret: {credential: hook}"))
        #expect(again.sources == configuration.sources)
    }

    /// The five kinds of URL, each with where it belongs; nothing else holds a secret.
    @Test func theURLsToPaste() throws {
        let configuration = try fixture.read(
            """
            country: FR
            sources:
              - {name: b, provider: voipgrid, username: u, password: {credential: password}, secret: {credential: hook}}
              - {name: c, provider: sfr-dmc, secret: {credential: hook}}
              - \(Self.orange.replacing("name: a", with: "name: d")), enabled: true, secret: {credential: hook}}
              - {name: e, provider: keyyo, account: "33199000000", secret: {credential: hook}}
              - {name: f, provider: ovh, token: {credential: ovh}}
            webhooks: {public_url: https://cti.example.com}
            """)
        let text = configuration.describe()
        let base = "https://cti.example.com/hooks"
        let secret = "0123456789abcdefHOOK"
        for line in [
            "# voipgrid/b, call notifications: \(base)/voipgrid/b/\(secret)\n",
            "# sfr-dmc/c: \(base)/sfr-dmc/c/\(secret)\n",
            "# orange/d, SMS: \(base)/orange/d/\(secret)\n",
            "# orange/d, MMS: \(base)/orange/d/\(secret)?medium=mms\n",
            "# keyyo/e: \(base)/keyyo/e/\(secret)?account=_ACCOUNT_&",
        ] {
            #expect(text.contains(line), "\(line)")
        }
        #expect(text.components(separatedBy: secret).count - 1 == 5)
        for secret in ["6b1c7f0a-ovh-token", "correct horse battery"] {
            #expect(!text.contains(secret) && !"\(configuration)".contains(secret))
        }
    }

    /// Orange is told where to report to. Without a name under which others reach us it is told nothing.
    @Test(arguments: [
        ("{public_url: https://cti.example.com}", "https://cti.example.com/hooks/orange/a/0123456789abcdefHOOK"),
        ("{}", "http://127.0.0.1:8480/hooks/orange/a/0123456789abcdefHOOK"),
        ("{listen: \"0.0.0.0:8480\", behind_proxy: true}", nil),
    ])
    func whatOrangeIsTold(webhooks: String, url: String?) throws {
        let text = "country: FR\nwebhooks: \(webhooks)\nsources:\n"
        let pushed = try fixture.read(text + "  - \(Self.orange), secret: {credential: hook}}\n")
        #expect(pushed.hookURL(toTell: try #require(pushed.sources.first))?.exposed == url)
        let silent = try fixture.read(text + "  - \(Self.orange)}\n")
        #expect(silent.hookURL(toTell: try #require(silent.sources.first)) == nil)
        let sfr = try fixture.read(text + "  - \(Self.sfr)}\n")
        #expect(sfr.hookURL(toTell: try #require(sfr.sources.first)) == nil)
    }

    // MARK: - Mistakes

    /// The source stands in line 4, from column 5 on.
    @Test(arguments: [
        (
            "{name: a, provider: sfr-dmc}",
            "4:5: the source lacks 'secret': {credential: name}, {file: /path} or {value: \"...\"}, or a list of up to 4 of them"
        ),
        (
            "{name: a, provider: sfr-dmc, secret: {credential: hook}, zone: CEST}",
            "4:68: 'zone' must be one of Europe/Paris, UTC"
        ),
        ("\(sfr), url: x}", "4:62: unknown key 'url' in the source"),
        (
            "\(sfr), allow: [nobody]}",
            "4:70: an entry of 'allow' is not an address or network, such as 192.0.2.1 or 192.0.2.0/24"
        ),
        ("\(sfr), enabled: 1}", "4:71: 'enabled' must be true or false, unquoted"),
        ("\(sfr)}", "4:12: the provider of source 'a' connects to us; add a 'webhooks' section with 'listen'"),
        ("{name: a, provider: sfr-dmc, secret: {value: short}}", "4:43: 'secret' must be 16 to 128 characters"),
        (
            "\(voipgrid), allow: [10.0.0.0/8]}",
            "4:82: 'allow' says who may send to us; give 'secret', too, or nobody can"
        ),
        ("\(voipgrid), secret: {credential: missing}}", "4:91: 'secret': no credential 'missing' in "),
        ("\(voipgrid), secret: []}", "4:90: 'secret' must hold 1 to 4 entries; it holds 0"),
        (
            "\(voipgrid), secret: {credential: hook}}",
            "4:12: the provider of source 'a' connects to us; add a 'webhooks' section with 'listen'"
        ),
        (
            "{name: a, provider: orange, \(urls)}",
            "4:5: the source lacks 'access_key': {credential: name}, {file: /path} or {value: \"...\"}"
        ),
        (
            "{name: a, provider: orange, access_key: {credential: ovh}}",
            "4:5: the source lacks 'urls': the addresses of the services: call, conference, sms"
        ),
        (
            "{name: a, provider: orange, access_key: {credential: ovh}, urls: {call: \"https://a.example\"}}",
            "4:70: 'urls' lacks 'conference': the address of the service, beginning with https://"
        ),
        (
            "{name: a, provider: orange, access_key: {credential: ovh}, urls: {call: \"http://a.example\"}}",
            "4:77: 'call' must begin with https://: the credentials would travel in the clear"
        ),
        (
            "{name: a, provider: orange, access_key: {credential: ovh}, urls: []}",
            "4:70: 'urls' must be a mapping of keys to values"
        ),
    ])
    func mistakes(source: String, expected: String) {
        expect(expected, of: source)
    }

    /// The same behind the keys that every Orange source has; the column counts from the first character after them.
    @Test(arguments: [
        ("from: 33199000050", 7, "'from' is an unquoted number; put it in quotes so that every digit is kept"),
        ("from: desk", 7, "'from' must be a phone number, in quotes"),
        ("sender: ctibridge", 9, "'sender' must be a shortcode or phone number, in quotes"),
        ("allow: [10.0.0.0/8]", 1, "'allow' says who may send to us; give 'secret', too, or nobody can"),
        (
            "parameters: {confirmation: \"a b\"}", 28,
            "'confirmation': a parameter's name is 1 to 64 characters of A-Z a-z 0-9 _ - ."
        ),
        (
            "parameters: {access_mode: duration}", 27,
            "the request has another parameter 'duration'; give each its own name"
        ),
        (
            "parameters: {callers: access_mode}", 23,
            "the request has another parameter 'access_mode'; give each its own name"
        ),
        ("parameters: {call: {to: x}}", 21, "the request has another parameter 'to'; give each its own name"),
        ("parameters: {call: {private: true}}", 30, "'private' is unquoted and reads as yes or no; put it in quotes"),
        ("parameters: {sms: {\"a&b\": x}}", 20, "'sms': a parameter's name is 1 to 64 characters of A-Z a-z 0-9 _ - ."),
        ("parameters: {mode: x}", 14, "unknown key 'mode' in 'parameters'"),
        ("charset: latin-1", 10, "'charset' must be one of utf-8, iso-8859-1"),
        ("history: {}", 10, "'history' lacks 'url': the address of the service, beginning with https://"),
        ("history: {url: \"https://a.example\", interval: 10ms}", 47, "'interval' is 10ms; it must be 1s to 1h"),
        ("history: {url: \"https://a.example\", max_age: 2d}", 46, "'max_age' is 2d; it must be 1m to 1d"),
        (
            "history: {url: \"https://a.example\", parameter: id}", 48,
            "the request has another parameter 'id'; give each its own name"
        ),
        ("history: {url: \"https://a.example\", elements: []}", 47, "'elements' holds 1 to 20 names"),
        (
            "history: {url: \"https://a.example\", elements: [\"a b\"]}", 48,
            "'elements': an element's name is 1 to 64 characters of A-Z a-z 0-9 _ - ."
        ),
        (
            "history: {url: \"https://a.example\", words: {x: there}}", 48,
            "'words': not one of accepted, converted, sent, delivered, opened, failed, unknown"
        ),
        ("notifications: {words: {x: queued}}", 28, "'words': not one of initiated, ringing, connected, held, ended, "),
        (
            "notifications: {words: {Left: ended, left: missed}}", 38,
            "'words' has this word twice: capitals make no difference; keep one"
        ),
        ("duplicate_window: 0s", 19, "'duplicate_window' is 0s; it must be 1s to 1h"),
    ])
    func mistakesInOrange(keys: String, column: Int, expected: String) {
        let before = "  - \(Self.orange), "
        expect("4:\(before.utf8.count + column): \(expected)", of: "\(Self.orange), \(keys)}")
    }

    private func expect(_ expected: String, of source: String) {
        let errors = fixture.errors("country: FR\nstdout: auto\nsources:\n  - \(source)\n", mode: 0o600)
        #expect(errors.contains { $0.hasPrefix(expected) }, "\(expected) is not in \(errors)")
    }
}
