import BridgeClient
import CallModel
import Testing

@Suite struct TerminalTextTests {
    @Test func nothingThatSteersATerminalPasses() {
        let hostile = "a\u{1B}[2J\u{7F}\u{9B}31m\u{202E}\u{2066}\u{FEFF}\r\n\u{E0041}é📞"
        let safe = TerminalText.plain(hostile)
        #expect(safe == #"a\u001b[2J\u007f\u009b31m\u202e\u2066\ufeff\u000d\u000a\udb40\udc41é📞"#)
        #expect(TerminalText.plain("Zoé, 10:30 – 📞") == "Zoé, 10:30 – 📞")
    }

    @Test func escapedJSONMeansTheSame() throws {
        let json = Array("{\"n\":\"x\u{7F}\u{9B}\u{202E}é\"}\n".utf8)
        let safe = TerminalText.escapedJSON(json)
        #expect(String(decoding: safe, as: UTF8.self) == "{\"n\":\"x\\u007f\\u009b\\u202eé\"}\n")
        #expect(try JSONReader.value(of: safe[...]) == JSONReader.value(of: json[...]))
        #expect(TerminalText.escapedJSON([0x1B, 0x5B, 0x32, 0x4A]) == Array("\\u001b[2J".utf8))
    }

    @Test func measuresCutsAndFillsByColumns() {
        #expect(TerminalText.width("Zoé") == 3)
        #expect(TerminalText.width("电话📞") == 6)
        #expect(TerminalText.cut("abcdef", to: 4) == "abc…")
        #expect(TerminalText.cut("电话电话", to: 5) == "电话…")
        #expect(TerminalText.cut("abcd", to: 4) == "abcd")
        #expect(TerminalText.padded("é", to: 3) == "é  ")
    }

    @Test(
        arguments: [
            (0, "0s"), (40, "0.1s"), (400, "0.4s"), (48_000, "48s"), (185_000, "3m05s"), (7_620_000, "2h07m"),
            (273_600_000, "3d04h"), (-5, "0s"),
        ] as [(Int64, String)])
    func durations(milliseconds: Int64, text: String) {
        #expect(Span(milliseconds: milliseconds).text == text)
    }

    @Test func typedTimes() {
        let now = SampleLines.start
        #expect(Timestamp(typed: "2h", now: now) == now.advanced(by: .hours(-2)))
        #expect(Timestamp(typed: "90s", now: now) == now.advanced(by: .seconds(-90)))
        #expect(Timestamp(typed: "2026-11-21T09:30:00Z", now: now)?.milliseconds == now.milliseconds - 125)
        for wrong in [
            "", "h", "2", "2y", "-2h", "+2h", "2 h", "1.5h", "99999999999d", "9223372036854775807w", "yesterday",
        ] {
            #expect(Timestamp(typed: wrong, now: now) == nil, "\(wrong)")
        }
    }
}
