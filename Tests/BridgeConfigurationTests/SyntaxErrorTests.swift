import Testing

@testable import BridgeConfiguration

@Suite("Files that are no configuration at all")
struct SyntaxErrorTests {
    private let fixture: ConfigurationFixture

    init() throws { fixture = try ConfigurationFixture() }

    @Test func emptyFile() {
        #expect(fixture.errors("") == ["1:1: the configuration lacks 'sources': the list of accounts to follow, or []"])
        #expect(fixture.errors("# nothing\n").count == 1)
    }

    @Test(arguments: [
        ("sources: [\n", "1:10: YAML syntax: nothing closes this '['"),
        ("sources: [ # [\n", "1:10: YAML syntax: nothing closes this '['"),
        ("sources:\n  - {name: \"}\", url: a b\n", "2:5: YAML syntax: nothing closes this '{'"),
        ("sources: [{name: a}\nstdout: never\n", "2:1: YAML syntax: did not find expected ',' or ']'"),
        ("sources: []\n\tcountry: FR\n", "2:1: YAML syntax: a tab; indent with blanks"),
        ("sources: []\nstdout: 'never\n", "3:1: YAML syntax: "),
        ("sources: []\n---\nsources: []\n", "2:1: a second YAML document; a configuration file holds one"),
        ("sources: []\nstdout: *other\n", "2:9: an alias ('*name'); write the value out, or put it in quotes"),
        ("- sources\n", "1:1: the configuration must be a mapping of keys to values"),
        ("sources\n", "1:1: the configuration must be a mapping of keys to values"),
        ("sources: []\n? [a, b]\n: c\n", "2:3: a key must be a plain word"),
    ])
    func syntax(yaml: String, expected: String) throws {
        let errors = fixture.errors(yaml)
        #expect(errors.count == 1)
        #expect(try #require(errors.first).hasPrefix(expected))
    }

    @Test func anchorsAndTags() {
        let yaml = """
            sources: &all []
            stdout: !!str auto
            journal: &j
              raw: 1d
            model: *j
            sockets:
              - {path: !x "a.sock"}
            """
        #expect(
            fixture.errors(yaml) == [
                "1:10: an anchor ('&name'); aliases are not read, write the value out",
                "2:9: a tag ('!name'); tags are not read, leave it out or put the text in quotes",
                "3:10: an anchor ('&name'); aliases are not read, write the value out",
                "5:8: an alias ('*name'); write the value out, or put it in quotes",
                "7:12: a tag ('!name'); tags are not read, leave it out or put the text in quotes",
            ])
    }

    private static let anchor = "an anchor ('&name'); aliases are not read, write the value out"
    private static let alias = "an alias ('*name'); write the value out, or put it in quotes"
    private static let tag = "a tag ('!name'); tags are not read, leave it out or put the text in quotes"

    /// Neither an alias nor an anchor hides what else is wrong, wherever they stand.
    @Test(arguments: [
        (
            "country: FR\nsources: []\nsockets: *s\nbogus: 1\njournal: {raw: 1x}\n",
            ["3:10: \(alias)", "4:1: unknown key 'bogus'", "5:16: "]
        ),
        (
            "country: &a FR\nsources: []\nstdout: *a\nbogus: 1\n",
            ["1:10: \(anchor)", "3:9: \(alias)", "4:1: unknown key 'bogus'"]
        ),
        (
            "sources: []\nbogus: {x: [&a 1, *a, !t 2]}\n",
            ["2:1: unknown key 'bogus'", "2:13: \(anchor)", "2:19: \(alias)", "2:23: \(tag)"]
        ),
        // Before a key, where blanks would be an indent; the key is what it is called.
        (
            "&k sources: []\nsources: []\n&b stdout: maybe\nbogus: *k\n",
            [
                "1:1: \(anchor)", "2:1: 'sources' is given twice", "3:1: \(anchor)", "3:12: ", "4:1: unknown",
                "4:8: \(alias)",
            ]
        ),
        ("&r\nsources: []\nbogus: *r\n", ["1:1: \(anchor)", "3:1: unknown", "3:8: \(alias)"]),
        ("sources: []\n? &c [a, b]\n: *c\n", ["2:3: \(anchor)"]),
        ("sources: []\n*a : 1\n*a : 2\nbogus: 1\n", ["2:1: \(alias)", "3:1: \(alias)", "4:1: unknown"]),
        (
            "sources: []\nstdout: !t &x never\nbogus: *x\n",
            ["2:9: \(tag)", "2:12: \(anchor)", "3:1: unknown", "3:8: \(alias)"]
        ),
        ("sources: []\nstdout: *a\njournal: [\n", ["2:9: \(alias)", "3:10: YAML syntax: nothing closes this"]),
    ])
    func everythingIsFoundBesideThem(yaml: String, expected: [String]) {
        let errors = fixture.errors(yaml)
        #expect(errors.count == expected.count, "\(errors)")
        for (error, start) in zip(errors, expected) { #expect(error.hasPrefix(start), "\(errors)") }
    }

    /// Ten levels of ten aliases each: read in full they would be ten thousand million nodes.
    @Test func aliasesThatMultiply() {
        var yaml = "a0: &a0 [x]\n"
        for level in 1...10 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            yaml += "a\(level): &a\(level) [\(aliases)]\n"
        }
        yaml += "sources: *a10\n"
        let errors = fixture.errors(yaml)
        #expect(errors.contains { $0.hasPrefix("11:6: an anchor") })
    }

    @Test func repeatedKeysAreAllFound() {
        let yaml = """
            sources: []
            stdout: auto
            "stdout": never
            journal: {raw: 1d, raw: 2d}
            stdout: always
            'stdout': never
            """
        #expect(
            fixture.errors(yaml) == [
                "3:1: 'stdout' is given twice, first in line 2; keep one",
                "4:20: 'raw' is given twice, first in line 4; keep one",
                "5:1: 'stdout' is given twice, first in line 2; keep one",
                "6:1: 'stdout' is given twice, first in line 2; keep one",
            ])
    }

    @Test func repeatedKeyThatCannotBeRenamed() {
        #expect(
            fixture.errors("sources: []\n\"\\x61b\": 1\n\"\\x61b\": 2\n")
                == ["2:1: this key is given twice; keep one"])
    }

    @Test func bytesThatAreNoText() {
        #expect(
            fixture.errors(bytes: Array("sources: []\nstdout: a".utf8) + [0xFF, 0x0A])
                == ["2:10: not UTF-8; save the file in that encoding"])
        #expect(
            fixture.errors(bytes: Array("sources: []\r\nstdout: é\u{1}\n".utf8))
                == ["2:10: a control character; YAML allows none here"])
        #expect(fixture.errors("\u{FEFF}sources: []\nstdouts: auto\n").first?.hasPrefix("2:1: unknown key") == true)
    }

    @Test func tooLarge() {
        let yaml = "sources: []\n#" + String(repeating: "x", count: 1 << 20)
        #expect(fixture.errors(yaml) == ["1:1: the file is larger than 1 MiB; a configuration is much smaller"])
    }

    @Test func nestedWithoutEnd() {
        #expect(fixture.errors(String(repeating: "[", count: 200_000)).count == 1)
        #expect(fixture.errors(String(repeating: "- ", count: 200_000)).count == 1)
    }

    /// Every prefix of a valid file, and every file with one byte changed, is read without a trap.
    @Test func cutAndDamagedFiles() throws {
        let whole = Array(
            """
            country: FR
            sources: [{name: desk, provider: keyyo, account: "33199000000", secret: {credential: hook}}]
            webhooks: {listen: "127.0.0.1:8480"}

            """.utf8)
        #expect(fixture.errors(bytes: whole).isEmpty)
        for length in 0..<whole.count { _ = fixture.errors(bytes: Array(whole[..<length])) }
        for index in whole.indices {
            for byte: UInt8 in [0, 0x0A, 0x22, 0x26, 0x7B, 0x80] {
                var damaged = whole
                damaged[index] = byte
                _ = fixture.errors(bytes: damaged)
            }
        }
    }
}
