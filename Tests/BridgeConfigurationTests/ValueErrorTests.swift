import Testing

@testable import BridgeConfiguration

@Suite("Values that are wrong")
struct ValueErrorTests {
    private let fixture: ConfigurationFixture

    init() throws { fixture = try ConfigurationFixture() }

    /// Each line is added to a valid file of one line, so that it stands in line 2.
    @Test(arguments: [
        ("stdut: auto", "2:1: unknown key 'stdut' in the configuration; did you mean 'stdout'?"),
        ("jurnal: {}", "2:1: unknown key 'jurnal' in the configuration; did you mean 'journal'?"),
        (
            "colour: red",
            "2:1: unknown key 'colour' in the configuration; known here: api, country, journal, model, sockets, sources, "
                + "stdout, webhooks"
        ),
        ("stdout: sometimes", "2:9: 'stdout' must be one of auto, always, never"),
        ("stdout: on", "2:9: 'stdout' must be one of auto, always, never"),
        ("stdout: 1", "2:9: 'stdout' must be one of auto, always, never"),
        ("stdout: 2026-11-21", "2:9: 'stdout' must be one of auto, always, never"),
        ("stdout:", "2:8: 'stdout' has no value"),
        ("stdout: \"\"", "2:9: 'stdout' is empty"),
        ("stdout: \"a\\nb\"", "2:9: 'stdout' holds a line break or control character"),
        (
            "stdout: [auto]",
            "2:9: 'stdout' must be a text, not a list or mapping; put it in quotes if it begins with [ or {"
        ),
        ("country: NO", "2:10: 'country' is unquoted and reads as yes or no; put it in quotes"),
        (
            "country: UK",
            "2:10: 'country' is not the ISO code of a country whose numbers are known; did you mean 'GB'?"
        ),
        (
            "country: fr",
            "2:10: 'country' is not the ISO code of a country whose numbers are known; did you mean 'FR'?"
        ),
        ("journal: 5", "2:10: 'journal' must be a mapping of keys to values"),
        (
            "journal: {retention: 2 weeks}",
            "2:22: 'retention' is not a duration; write a whole number and ms, s, m, h or d, such as 180d (1h to 3650d)"
        ),
        (
            "journal: {retention: 1.5d}",
            "2:22: 'retention' is not a duration; write a whole number and ms, s, m, h or d, such as 180d (1h to 3650d)"
        ),
        ("journal: {retention: 4000d}", "2:22: 'retention' is 4000d; it must be 1h to 3650d"),
        (
            "journal: {retention: 180}",
            "2:22: 'retention' is not a duration; write a whole number and ms, s, m, h or d, such as 180d (1h to 3650d)"
        ),
        ("journal: {retention: 5m, raw: 400d}", "2:22: 'retention' is 5m; it must be 1h to 3650d"),
        (
            "journal: {max_size: 1}",
            "2:21: 'max_size' is not a size; write a whole number and KiB, MiB, GiB or TiB, such as 2GiB (16MiB to 1TiB)"
        ),
        (
            "webhooks: {listen: 8480}",
            "2:20: 'listen' is not an address and a port; write 127.0.0.1:8480 or \"[::1]:8480\""
        ),
        (
            "journal: {retention: 2d, raw: 3d}",
            "2:26: 'raw' is longer than 'retention' (2d); raw deliveries cannot outlive their events"
        ),
        (
            "journal: {max_size: 2GB}",
            "2:21: 'max_size' is not a size; write a whole number and KiB, MiB, GiB or TiB, such as 2GiB (16MiB to 1TiB)"
        ),
        ("journal: {max_size: 1MiB}", "2:21: 'max_size' is 1MiB; it must be 16MiB to 1TiB"),
        (
            "journal: {max_size: 999999999999TiB}",
            "2:21: 'max_size' is not a size; write a whole number and KiB, MiB, GiB or TiB, such as 2GiB (16MiB to 1TiB)"
        ),
        ("model: {settle: 2m}", "2:17: 'settle' is 2m; it must be 0s to 1m"),
        ("model: {max_ringing: 8d}", "2:22: 'max_ringing' is 8d; it must be 1s to 7d"),
        ("sockets: {}", "2:10: 'sockets' must be a list"),
        (
            "sockets: [{mode: \"0660\"}]",
            "2:11: the socket lacks 'path': a file name in the runtime directory, or an absolute path"
        ),
        (
            "sockets: [{path: a.sock, mode: 0660}]",
            "2:32: 'mode' is an unquoted number; put it in quotes so that every digit is kept"
        ),
        (
            "sockets: [{path: a.sock, mode: \"0999\"}]",
            "2:32: 'mode' is not a file mode that lets the owner read and write; write one such as \"0660\""
        ),
        (
            "sockets: [{path: a.sock, mode: \"0066\"}]",
            "2:32: 'mode' is not a file mode that lets the owner read and write; write one such as \"0660\""
        ),
        (
            "sockets: [{path: a.sock, mode: \"1660\"}]",
            "2:32: 'mode' is not a file mode that lets the owner read and write; write one such as \"0660\""
        ),
        ("sockets: [{path: a.sock, group: \"a b\"}]", "2:33: 'group' is not the name of a group"),
        ("sockets: [{path: a.sock, numbers: hidden}]", "2:35: 'numbers' must be one of clear, masked"),
        (
            "sockets: [{path: ../a.sock}]",
            "2:18: 'path' is not the path of a socket: at most 107 bytes, no '..', a file name at the end"
        ),
        ("sockets: [{path: a.sock}, {path: a.sock}]", "2:34: another socket has this path; give each its own"),
        ("sockets: [{path: api.sock}]", "2:18: another socket has this path; give each its own"),
        ("api: {http: {}}", "2:13: 'http' lacks 'listen': an address and a port, such as 127.0.0.1:8481"),
        (
            "api: {http: {listen: 127.0.0.1, tokens: [{name: a, credential: bearer}]}}",
            "2:22: 'listen' is not an address and a port; write 127.0.0.1:8480 or \"[::1]:8480\""
        ),
        (
            "api: {http: {listen: \"0.0.0.0:8481\", tokens: [{name: a, credential: bearer}]}}",
            "2:22: 'listen' is not on loopback and would take tokens in the clear; put a proxy that speaks TLS in front "
                + "and add 'behind_proxy: true'"
        ),
        (
            "api: {http: {listen: \"[::1]:8481\", tokens: []}}",
            "2:44: 'tokens' must hold 1 to 100 entries; it holds 0"
        ),
        (
            "api: {http: {listen: \"[::1]:8481\", tokens: [{name: a, credential: bearer, may: [write]}]}}",
            "2:81: an entry of 'may' must be one of read, dial, raw"
        ),
        (
            "api: {http: {listen: \"[::1]:8481\", tokens: [{name: a, credential: bearer, may: []}]}}",
            "2:80: 'may' is empty; name some of read, dial, raw"
        ),
        (
            "api: {http: {listen: \"[::1]:8481\", tokens: [{name: a, credential: bearer}, {name: b, credential: bearer}]}}",
            "2:86: the same secret as the token in line 2; give each holder its own"
        ),
        (
            "api: {http: {listen: \"[::1]:8481\", tokens: [{name: a, credential: bearer}, {name: a, credential: password}]}}",
            "2:83: the name 'a' is taken by the token in line 2"
        ),
        (
            "webhooks: {listen: \"0.0.0.0:8480\"}",
            "2:20: 'listen' is not on loopback and would speak plain HTTP; add 'tls', or 'behind_proxy: true' where a "
                + "proxy in front speaks TLS or the network is trusted"
        ),
        (
            "webhooks: {listen: \"localhost:8480\"}",
            "2:20: 'listen' is not an address and a port; write 127.0.0.1:8480 or \"[::1]:8480\""
        ),
        (
            "webhooks: {listen: \"127.0.0.1:65536\"}",
            "2:20: 'listen' is not an address and a port; write 127.0.0.1:8480 or \"[::1]:8480\""
        ),
        (
            "webhooks: {listen: \"::1:8480\"}",
            "2:20: 'listen' is not an address and a port; write 127.0.0.1:8480 or \"[::1]:8480\""
        ),
        ("webhooks: {public_url: cti.example.com}", "2:24: 'public_url' must begin with https:// (or http://)"),
        (
            "webhooks: {public_url: \"https://cti.example.com/?a\"}",
            "2:24: 'public_url' must end with the path: no '?' and no '#'"
        ),
        ("webhooks: {behind_proxy: yes}", "2:26: 'behind_proxy' must be true or false, unquoted"),
        (
            "webhooks: {trusted_proxies: []}",
            "2:29: 'trusted_proxies' is empty; name an address or network, or leave the key out"
        ),
        (
            "webhooks: {trusted_proxies: [10.0.0.0/33]}",
            "2:30: an entry of 'trusted_proxies' is not an address or network, such as 192.0.2.1 or 192.0.2.0/24"
        ),
        (
            "webhooks: {tls: {certificate: a.pem, key: /k}}",
            "2:31: 'certificate' must be an absolute path, such as /etc/ctibridge/tls.pem"
        ),
        (
            "webhooks: {tls: {certificate: /nowhere/a.pem}}",
            "2:17: 'tls' lacks 'key': the absolute path of a PEM file, or {credential: name}"
        ),
        (
            "webhooks: {tls: {certificate: /nowhere/a.pem}}",
            "2:31: 'certificate': /nowhere/a.pem cannot be read: No such file or directory"
        ),
    ])
    func oneLine(line: String, expected: String) {
        #expect(fixture.errors("sources: []\n\(line)\n").contains(expected))
    }

    @Test func certificatesFromCredentials() throws {
        let configuration = try fixture.read(
            "sources: []\nwebhooks: {listen: \"0.0.0.0:443\", tls: {certificate: {credential: ovh}, key: {credential: hook}}}"
        )
        #expect(configuration.webhooks?.tls?.certificate == fixture.directory + "/credentials/ovh")
    }

    @Test func errorsComeTogetherInTheOrderOfTheFile() {
        let yaml = """
            stdout: loud
            model: {settle: 2m}
            sources:
              - name: Paris
                provider: ovhh
            journal: {raw: x}
            colour: red
            """
        #expect(
            fixture.errors(yaml).map { $0.prefix { $0 != " " } } == [
                "1:9:", "2:17:", "4:5:", "4:11:", "5:15:", "6:16:", "7:1:",
            ])
    }
}
