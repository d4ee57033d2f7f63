import Testing

@testable import BridgeConfiguration

@Suite("Sources that are wrong")
struct SourceErrorTests {
    private let fixture: ConfigurationFixture

    init() throws { fixture = try ConfigurationFixture() }

    private static let ovh = "{name: paris, provider: ovh, token: {credential: ovh}"
    private static let voipgrid = "{name: a, provider: voipgrid, username: u, password: {credential: password}"
    private static let keyyo = "{name: a, provider: keyyo, account: \"33199000000\", secret: {credential: hook}"

    /// The source stands in line 4, from column 5 on.
    @Test(arguments: [
        ("paris", "4:5: the source must be a mapping of keys to values"),
        ("{}", "4:5: the source lacks 'name': 1 to 32 characters of a-z, 0-9 and '-'"),
        ("{name: a}", "4:5: the source lacks 'provider': one of keyyo, orange, ovh, sfr-dmc, voipgrid"),
        (
            "{name: 7, provider: ovh}",
            "4:12: 'name' is an unquoted number; put it in quotes so that every digit is kept"
        ),
        ("{name: A_b, provider: ovh}", "4:12: a source's name is 1 to 32 characters of a-z, 0-9 and '-'"),
        ("{name: a, provider: ohv}", "4:25: unknown provider; did you mean 'ovh'?"),
        ("{name: a, provider: asterisk}", "4:25: unknown provider; known here: keyyo, orange, ovh, sfr-dmc, voipgrid"),
        (
            "{name: a, provider: sfr, secret: {credential: hook}}",
            "4:25: unknown provider; known here: keyyo, orange, ovh, sfr-dmc, voipgrid"
        ),
        (
            "{name: a, provider: ovh, pol_timeout: 75s}",
            "4:30: unknown key 'pol_timeout' in the source; did you mean 'poll_timeout'?"
        ),
        (
            "{name: a, provider: ovh}",
            "4:5: the source lacks 'token': {credential: name}, {file: /path} or {value: \"...\"}"
        ),
        ("{name: a, provider: ovh, tokens: []}", "4:38: 'tokens' must hold 1 to 100 entries; it holds 0"),
        ("{name: a, provider: ovh, tokens: {credential: ovh}}", "4:38: 'tokens' must be a list"),
        (
            "{name: a, provider: ovh, tokens: [{credential: ovh}, {credential: ovh}]}",
            "4:59: the same secret as in line 4; keep one"
        ),
        ("\(ovh), tokens: [{credential: hook}]}", "4:60: give 'token' or 'tokens', not both"),
        ("\(ovh), api: v3}", "4:65: 'api' must be one of v1, v2"),
        ("\(ovh), poll_timeout: 5s}", "4:74: 'poll_timeout' is 5s; it must be 70s to 90s"),
        ("\(ovh), poll_timeout: 2m}", "4:74: 'poll_timeout' is 2m; it must be 70s to 90s"),
        ("\(ovh), max_backoff: 0s}", "4:73: 'max_backoff' is 0s; it must be 1s to 1h"),
        ("\(ovh), registered: \"true\"}", "4:72: 'registered' must be true or false, unquoted"),
        (
            "\(ovh), url: \"http://events.voip.ovh.net\"}",
            "4:65: 'url' must begin with https://: the credentials would travel in the clear"
        ),
        ("\(ovh), url: \"ftp://x\"}", "4:65: 'url' must begin with https:// (or http://)"),
        (
            "\(ovh), url: \"https://u:p@x\"}",
            "4:65: 'url' must not hold a user name or password; give them in their own keys"
        ),
        ("\(ovh), url: \"https://x:0/\"}", "4:65: 'url' has no valid port; give 1 to 65535"),
        ("\(ovh), url: \"https://a b/\"}", "4:65: 'url' has no valid host name"),
        ("\(ovh), url: \"https://a/b c\"}", "4:65: 'url' has a character in its path that belongs in no URL"),
        (
            "{name: a, provider: voipgrid, username: u}",
            "4:5: the source lacks 'password': {credential: name}, {file: /path} or {value: \"...\"}; or give 'api_token'"
        ),
        ("\(voipgrid), api_token: {credential: ovh}}", "4:82: give 'password' or 'api_token', not both"),
        ("\(voipgrid), poll_interval: 100ms}", "4:97: 'poll_interval' is 100ms; it must be 500ms to 10s"),
        ("\(voipgrid), connected_poll_interval: 2m}", "4:107: 'connected_poll_interval' is 2m; it must be 1s to 1m"),
        ("\(voipgrid), max_age: 2d}", "4:91: 'max_age' is 2d; it must be 1m to 1d"),
        (
            "\(voipgrid), a_number: 31201234567}",
            "4:92: 'a_number' is an unquoted number; put it in quotes so that every digit is kept"
        ),
        ("\(voipgrid), a_number: default_number}", "4:92: 'a_number' must be digits, with or without a leading '+'"),
        ("\(voipgrid), b_cli: me}", "4:89: 'b_cli' must be digits, with or without a leading '+', or default_number"),
        (
            "{name: a, provider: voipgrid, username: \"a:b\", password: {credential: password}}",
            "4:45: 'username' must not hold a colon, which ends it (RFC 7617)"
        ),
        (
            "{name: a, provider: keyyo, account: 33199000000, secret: {credential: hook}}",
            "4:41: 'account' is an unquoted number; put it in quotes so that every digit is kept"
        ),
        (
            "{name: a, provider: keyyo, account: 0199000000, secret: {credential: hook}}",
            "4:41: 'account' is an unquoted number; put it in quotes so that every digit is kept"
        ),
        (
            "{name: a, provider: keyyo, account: \"+33199000000\", secret: {credential: hook}}",
            "4:41: 'account' must be digits alone: the line's number, international without '+'"
        ),
        (
            "\(keyyo), allow: [62.39.136]}",
            "4:92: an entry of 'allow' is not an address or network, such as 192.0.2.1 or 192.0.2.0/24"
        ),
        ("\(keyyo), allow: 62.39.136.157}", "4:91: 'allow' must be a list"),
        ("\(keyyo), parameters: {typ: x}}", "4:97: unknown key 'typ' in 'parameters'; did you mean 'type'?"),
        (
            "\(keyyo), parameters: {type: account}}",
            "4:103: 'type' and 'account' share a parameter's name; give each its own"
        ),
        (
            "\(keyyo), parameters: {type: \"a&b\"}}",
            "4:103: the parameter's name for 'type' is 1 to 64 characters of A-Z a-z 0-9 _ - ."
        ),
        ("\(keyyo), duplicate_window: 0s}", "4:102: 'duplicate_window' is 0s; it must be 1s to 1h"),
        (
            "{name: a, provider: keyyo, account: \"33199000000\", secret: [{credential: hook}, {credential: hook}]}",
            "4:86: the same secret as in line 4; keep one"
        ),
        ("\(keyyo)}", "4:12: the provider of source 'a' connects to us; add a 'webhooks' section with 'listen'"),
    ])
    func oneSource(source: String, expected: String) {
        let errors = fixture.errors("country: FR\nstdout: auto\nsources:\n  - \(source)\n")
        #expect(errors.contains(expected))
    }

    @Test func namesAndTokensAreUnique() {
        let yaml = """
            country: FR
            sources:
              - {name: a, provider: ovh, token: {credential: ovh}}
              - {name: a, provider: voipgrid, username: u, password: {credential: password}}
              - {name: b, provider: ovh, token: {credential: ovh}}
            """
        #expect(
            fixture.errors(yaml) == [
                "4:12: the name 'a' is taken by the source in line 3; choose another",
                "5:38: the same token as in line 3; two sources would take each other's events",
            ])
    }

    @Test func aCountryIsNeeded() {
        #expect(
            fixture.errors("sources:\n  - {name: a, provider: ovh, token: {credential: ovh}}\n") == [
                "2:5: no country for this source; write 'country: FR' (yours) at the top of the file, or here"
            ])
        // A wrong one is one error, not two.
        #expect(
            fixture.errors("country: XX\nsources:\n  - {name: a, provider: ovh, token: {credential: ovh}}\n").count == 1
        )
    }

    @Test func disabledPushedSourcesNeedNoListener() throws {
        let yaml = "country: FR\nsources:\n  - \(Self.keyyo), enabled: false}\n"
        #expect(try fixture.read(yaml).webhooks == nil)
    }

    @Test func listsAreBounded() {
        let allow = Array(repeating: "10.0.0.1", count: 1_001).joined(separator: ", ")
        #expect(
            fixture.errors("country: FR\nsources:\n  - \(Self.keyyo), allow: [\(allow)]}\nwebhooks: {}\n")
                == ["3:91: 'allow' holds more than 1000 entries; use networks"])
        let five = Array(repeating: "{credential: hook}", count: 5).joined(separator: ", ")
        #expect(
            fixture.errors(
                "country: FR\nsources:\n  - {name: a, provider: keyyo, account: \"33199000000\", secret: [\(five)]}\nwebhooks: {}\n"
            )
                == ["3:64: 'secret' must hold 1 to 4 entries; it holds 5"])
    }
}
