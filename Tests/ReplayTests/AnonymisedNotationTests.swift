import CallModel
import Replay
import Testing

/// One number in all its notations becomes one other number in the same notations.
struct AnonymisedNotationTests {
    private func hidden(_ queries: [String]) throws -> [String] {
        let lines = queries.map { #"{"at":0,"source":"keyyo/a","kind":"webhook","attributes":{"query":"\#($0)"}}"# }
        let recording = try RecordingReader.read(Array(lines.joined(separator: "\n").utf8))
        return Anonymiser.anonymised(recording, key: "k").deliveries.compactMap { $0.attributes["query"] }
    }

    @Test func everyNotationStaysWhatItIs() throws {
        let found = try hidden([
            "n=33639980078", "n=%2B33639980078", "n=0033639980078", "n=0639980078", "n=06+39+98+00+78",
            "n=06.39.98.00.78",
        ])
        let digits = found.map {
            String($0.dropFirst(2).replacing("%2B", with: "+").filter { $0 == "+" || $0.isNumber })
        }
        #expect(digits[0].hasPrefix("3363998") && digits[0].count == 11 && digits[0] != "33639980078")
        let end = digits[0].dropFirst(2)
        #expect(digits[1] == "+33\(end)")
        #expect(digits[2] == "0033\(end)")
        #expect(digits[3] == "0\(end)")
        #expect(found[4].count == "n=06+39+98+00+78".count && found[4].filter { $0 != "+" } == "n=0\(end)")
        #expect(found[5].filter { $0 != "." } == "n=0\(end)")
    }

    @Test func landLinesForeignAndShortNumbers() throws {
        let found = try hidden([
            "n=0199001234", "n=442079460123", "n=238", "n=112", "t=1767603600123", "mail=jean.dupont@example.com&x=1",
        ])
        #expect(found[0].hasPrefix("n=019900") && found[0].count == 12 && found[0] != "n=0199001234")
        // Of the numbers that Ofcom keeps for drama; what replaces it keeps country and first digit.
        #expect(found[1].hasPrefix("n=442") && found[1].count == 14 && found[1] != "n=442079460123")
        #expect(found[2] == "n=238")
        #expect(found[3] == "n=112")
        #expect(found[4] == "t=1767603600123")
        #expect(!found[5].contains("dupont") && found[5].hasSuffix("&x=1"))
    }

    /// A number of which only the decoder knows, in the settings and in whatever notation it was written there.
    @Test(arguments: ["33199000021", "+33 1 99 00 00 21", "01.99.00.00.21"])
    func theAccountOfTheSettings(_ account: String) throws {
        let recording = try RecordingReader.read(
            Array(
                (#"{"source":"keyyo/a","settings":{"account":"\#(account)"}}"# + "\n"
                    + #"{"at":0,"source":"keyyo/a","kind":"webhook","attributes":{"query":"type=SETUP&caller=33639980078&callee=33199000021"}}"#)
                    .utf8))
        let text = String(decoding: RecordingWriter.bytes(Anonymiser.anonymised(recording, key: "k")), as: UTF8.self)
        let setting = try #require(text.firstMatch(of: /"account":"[+0-9]*?([0-9]{9})"/)?.1)
        let sent = try #require(text.firstMatch(of: /callee=33([0-9]{9})/)?.1)
        #expect(setting == sent && sent != "199000021")
    }

    /// As in what was delivered: nobody outside is reached by it.
    @Test func aShortAccountStays() throws {
        let recording = try RecordingReader.read(Array(#"{"source":"keyyo/a","settings":{"account":"4021"}}"#.utf8))
        let text = String(decoding: RecordingWriter.bytes(Anonymiser.anonymised(recording, key: "k")), as: UTF8.self)
        #expect(text.contains(#""account":"4021""#))
    }

    @Test func eachRunHasItsOwnReplacements() throws {
        let line = Array(
            #"{"at":0,"source":"keyyo/a","kind":"webhook","attributes":{"query":"caller=33639980078"}}"#.utf8)
        let recording = try RecordingReader.read(line)
        let runs = Set((0..<4).map { _ in Anonymiser.anonymised(recording).deliveries })
        #expect(runs.count > 1)
    }
}
