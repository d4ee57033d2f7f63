import CallModel
import Foundation
import Testing

@testable import BridgeConfiguration

@Suite("Secrets")
struct SecretTests {
    private let fixture: ConfigurationFixture

    init() throws { fixture = try ConfigurationFixture() }

    /// The token stands in line 2, from column 48 on.
    private func yaml(_ token: String) -> String {
        "country: FR\nsources: [{name: a, provider: ovh, token:      \(token)}]\n"
    }

    private func token(_ written: String, mode: UInt32 = 0o644, credentials: String? = nil) throws -> String? {
        let source = try fixture.read(yaml(written), mode: mode, credentials: credentials).sources[0]
        return (source.provider as? OVHSettings)?.tokens.first?.exposed
    }

    @Test func oneLineBreakAtTheEndIsNoPartOfIt() throws {
        try fixture.credential("unix", "token-1\n")
        try fixture.credential("dos", "token-2\r\n")
        #expect(try token("{credential: unix}") == "token-1")
        #expect(try token("{credential: dos}") == "token-2")
    }

    @Test func filesByPath() throws {
        try fixture.file("secret", Array("token-3".utf8), mode: 0o400)
        #expect(try token("{file: \(fixture.directory)/secret}") == "token-3")
    }

    @Test func valuesOnlyInPrivateFiles() throws {
        #expect(try token("{value: token-4}", mode: 0o600) == "token-4")
        #expect(try token("{value: token-4}", mode: 0o400) == "token-4")
        for mode: UInt32 in [0o640, 0o604, 0o644] {
            let errors = fixture.errors(yaml("{value: token-4}"), mode: mode)
            #expect(
                errors == [
                    "2:49: 'token': a secret in a configuration file that its group or others can read (mode 0"
                        + String(mode, radix: 8)
                        + "); use chmod 600, or {credential: name} or {file: /path}"
                ])
        }
    }

    @Test func theServiceManagersDirectoryComesFirstAndIsExempt() throws {
        let managed = fixture.directory + "/managed"
        try FileManager.default.createDirectory(atPath: managed, withIntermediateDirectories: false)
        try fixture.file("managed/ovh", Array("managed-token".utf8), mode: 0o440)
        try fixture.file("managed/ctibridge_other", Array("from-directory-credential".utf8), mode: 0o440)
        #expect(try token("{credential: ovh}", credentials: managed) == "managed-token")
        #expect(try token("{credential: other}", credentials: managed) == "from-directory-credential")
        #expect(try token("{file: \(managed)/ovh}", credentials: managed) == "managed-token")
        // Not there: beside the configuration file.
        #expect(try token("{credential: hook}", credentials: managed) == "0123456789abcdefHOOK")
        #expect(
            fixture.errors(yaml("{credential: absent}"), credentials: managed) == [
                "2:49: 'token': no credential 'absent' in $CREDENTIALS_DIRECTORY (\(managed)) or "
                    + "\(fixture.directory)/credentials; create the file, or correct the name"
            ])
    }

    @Test func filesThatAreNoSecrets() throws {
        try fixture.credential("open", "token-5", mode: 0o644)
        try fixture.credential("group", "token-5", mode: 0o640)
        try fixture.credential("empty", "")
        try fixture.credential("newline", "\n")
        try fixture.credential("lines", "token-6\ntoken-7\n")
        try fixture.file("credentials/binary", [0xFF, 0xFE], mode: 0o600)
        try fixture.credential("long", String(repeating: "x", count: 4_097))
        try fixture.credential("blank", "token 8")
        mkfifo(fixture.directory + "/credentials/fifo", 0o600)
        let directory = fixture.directory + "/credentials"
        let file = "the secret's file \(directory)"
        let cases = [
            ("{credential: absent}", "no credential 'absent' in \(directory); create the file, or correct the name"),
            ("{credential: ../x}", "a credential's name is made of letters, digits, '-', '_' and '.'"),
            ("{credential: .x}", "a credential's name is made of letters, digits, '-', '_' and '.'"),
            ("{credential: open}", "\(file)/open can be read by its group or others (mode 0644); use chmod 600"),
            ("{credential: group}", "\(file)/group can be read by its group or others (mode 0640); use chmod 600"),
            ("{credential: empty}", "\(file)/empty is empty; put the secret there"),
            ("{credential: newline}", "\(file)/newline is empty; put the secret there"),
            (
                "{credential: lines}",
                "\(file)/lines holds several lines or a control character; it must hold the secret alone"
            ),
            ("{credential: binary}", "\(file)/binary is not UTF-8 text"),
            ("{credential: long}", "\(file)/long holds more than 4096 bytes; it must hold the secret alone"),
            ("{credential: fifo}", "\(file)/fifo is not a regular file"),
            ("{file: \(directory)}", "\(file) is not a regular file"),
            ("{file: \(directory)/absent}", "\(file)/absent cannot be read: No such file or directory"),
            ("{file: credentials/ovh}", "the path of a secret must be absolute"),
        ]
        for (written, message) in cases {
            #expect(fixture.errors(yaml(written)) == ["2:49: 'token': \(message)"])
        }
        #expect(
            fixture.errors(yaml("{credential: blank}"))
                == ["2:49: 'token' must be at most 256 visible ASCII characters, no blanks"])
    }

    @Test(arguments: [
        (
            "SECRET-IN-PLACE",
            "2:48: 'token' must be written {credential: name}, {file: /path} or {value: \"...\"}, not as it is"
        ),
        (
            "[SECRET-IN-PLACE]",
            "2:48: 'token' must be written {credential: name}, {file: /path} or {value: \"...\"}, not as it is"
        ),
        (
            "{SECRET-IN-PLACE}",
            "2:48: 'token' needs exactly one of {credential: name}, {file: /path} or {value: \"...\"}"
        ),
        ("{SECRET-IN-PLACE}", "2:49: unknown key in 'token'; known here: credential, file, value"),
        ("{value: 12345678}", "2:56: the secret is an unquoted number; put it in quotes so that every digit is kept"),
        ("{value: }", "2:56: the secret has no value"),
        (
            "{credential: ovh, file: /x}",
            "2:48: 'token' needs exactly one of {credential: name}, {file: /path} or {value: \"...\"}"
        ),
        ("{credential: ovh, credential: x}", "2:66: this key is given twice, first in line 2; keep one"),
    ])
    func writtenWrongly(written: String, expected: String) {
        let errors = fixture.errors(yaml(written), mode: 0o600)
        #expect(errors.contains(expected))
        #expect(!errors.joined().contains("SECRET-IN-PLACE") && !errors.joined().contains("12345678"))
    }

    @Test(arguments: [
        "short", "exactly-fifteen", "with a blank in it", "with/slash/in/the/middle", "with?question?mark?",
    ])
    func hookSecretsMustBeUnguessableAndFitAURL(secret: String) throws {
        try fixture.credential("weak", secret)
        let errors = fixture.errors(
            """
            country: FR
            sources: [{name: a, provider: keyyo, account: "33199000000", secret: {credential: weak}}]
            webhooks: {}
            """)
        #expect(
            errors == [
                "2:71: 'secret' must be 16 to 128 characters of A-Z a-z 0-9 _ -, so that it cannot be guessed and a URL "
                    + "carries it unchanged"
            ])
    }

    /// Whatever else is wrong with a file, no secret in it or behind it is in what is said about it.
    @Test func secretsAreInNoMessage() throws {
        let errors = fixture.errors(
            """
            country: FR
            sources:
              - {name: a, provider: ovh, token: {value: "PLAINTEXT-1"}, tokens: [PLAINTEXT-2], url: "https://u:PLAINTEXT-3@x"}
              - {name: b, provider: voipgrid, username: u, password: PLAINTEXT-4}
              - {name: c, provider: keyyo, account: "+33199000000", secret: {value: "PLAIN 5"}, sip_password: PLAINTEXT-6}
              - {name: d, provider: voipgrid, username: u, password: {PLAINTEXT-7: x}, api_token: [PLAINTEXT-8]}
            api: {http: {listen: "127.0.0.1:1", tokens: [{name: x, token: PLAINTEXT-9}, {PLAINTEXT-10}]}}
            """, mode: 0o600)
        #expect(errors.count >= 10)
        #expect(!errors.joined().contains("PLAIN"))
        #expect(!errors.joined().contains("33199000000"))
        // A syntax error does not show the line it is in.
        let broken = fixture.errors("sources: [{token: {value: \"PLAINTEXT-11\" oops}}]\n")
        #expect(broken.count == 1 && !broken.joined().contains("PLAIN"))
    }
}
