import CallModel
import FoundationEssentials
import Replay
import Testing

/// A name is found however its characters are written.
struct AnonymisedTextTests {
    private func hidden(_ lines: [String]) throws -> String {
        let recording = try RecordingReader.read(Array(lines.joined(separator: "\n").utf8))
        return String(decoding: RecordingWriter.bytes(Anonymiser.anonymised(recording, key: "k")), as: UTF8.self)
    }

    private static func notification(_ query: String) -> String {
        #"{"at":0,"source":"keyyo/a","kind":"webhook","attributes":{"query":"account=33199000021&type=SETUP&\#(query)"}}"#
    }

    @Test(arguments: [
        "J%C3%A9r%C3%B4me%20O%27Neil", "J%c3%a9r%c3%b4me+O'Neil", "J%E9r%F4me+O%27Neil", "Jérôme%20O'Neil",
    ])
    func inAQuery(_ written: String) throws {
        let text = try hidden([Self.notification("caller=\(written)&callee=33199000021&callref=r1")])
        #expect(!text.contains("Neil") && !text.contains("me+O") && !text.contains("%27"), "\(text)")
        #expect(text.contains("callref=r1"))
    }

    @Test(arguments: [#"J\u00e9r\u00F4me O'Neil"#, "J&#233;r&#xF4;me O&apos;Neil", "Jérôme O'Neil"])
    func inXML(_ written: String) throws {
        let name = try #require(String(data: try JSONEncoder().encode(written), encoding: .utf8))
        let body = name.dropFirst().dropLast()
        let text = try hidden([
            Self.notification("caller=J%C3%A9r%C3%B4me+O'Neil&callee=33199000021"),
            #"{"at":1,"source":"keyyo/a","kind":"webhook","body":"<a note=\"\#(body)\"/>"}"#,
        ])
        #expect(!text.contains("Neil"), "\(text)")
    }

    @Test func aNameWithinAWordIsNone() throws {
        let text = try hidden([Self.notification("caller=Ann&callee=33199000021&x=Annual&y=Ann")])
        #expect(text.contains("x=Annual") && !text.contains("y=Ann"), "\(text)")
    }

    @Test func numbersWithBlanksThatDoNotBreak() throws {
        let text = try hidden([
            Self.notification("caller=33639980078&callee=33199000021"),
            "{\"at\":1,\"source\":\"keyyo/a\",\"kind\":\"webhook\",\"body\":\"06\u{202F}39\u{202F}98\u{202F}00\u{202F}78, 06%C2%A039%C2%A098%C2%A000%C2%A078\"}",
        ])
        #expect(!text.contains("00\u{202F}78") && !text.contains("00%C2%A078"), "\(text)")
        #expect(text.contains("06\u{202F}39\u{202F}98\u{202F}") && text.contains("06%C2%A039%C2%A098"), "\(text)")
    }

    @Test func accountsThatAreDigits() throws {
        let text = try hidden([
            #"{"at":0,"source":"sfr-dmc/a","kind":"webhook","body":{"username":"123456789","medium":"sms"}}"#
        ])
        #expect(!text.contains("123456789"))
    }

    /// Two calls that are due in the same millisecond have no order: their replacements may turn it round.
    @Test(arguments: 0..<8) func callsAtTheSameTimeMayChangePlaces(_ key: Int) throws {
        let lines = (1...4).flatMap { number in
            ["SETUP", "RELEASE"].map { type in
                #"{"at":0,"source":"keyyo/a","kind":"webhook","attributes":{"query":"account=33199000021&type=\#(type)&caller=3363998007\#(number)&callee=33199000021"}}"#
            }
        }
        let recording = try RecordingReader.read(Array(lines.joined(separator: "\n").utf8))
        let hidden = Anonymiser.anonymised(recording, key: "\(key)")
        #expect(RecordingOutline(hidden) == RecordingOutline(recording))
        #expect(RecordingOutline(recording).calls.count == 4)
    }

    @Test func linesOfOursAreReplacedLikeTheNumbers() throws {
        let text = try hidden([
            #"{"source":"keyyo/a","settings":{"country":"FR"},"lines":["+33199001234"]}"#,
            Self.notification("caller=0199001234&callee=33199000021"),
        ])
        #expect(!text.contains("199001234") && text.contains(#""lines":["+331990"#), "\(text)")
    }
}
