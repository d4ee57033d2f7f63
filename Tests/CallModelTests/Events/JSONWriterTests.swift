import CallModel
import FoundationEssentials
import Testing

struct JSONWriterTests {
    private func written(_ text: String) -> String {
        var json = JSONWriter()
        json.string(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("", #""""#), ("a\"b\\c", #""a\"b\\c""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{1F}\u{7F}", #""\u0000\u001f\u007f""#),
        ("\u{1B}[31m", #""\u001b[31m""#), ("\u{85}\u{9B}", #""\u0085\u009b""#),
        ("\u{2028}\u{2029}", #""\u2028\u2029""#),
        ("\u{202E}\u{2066}\u{200F}\u{061C}\u{FEFF}", #""\u202e\u2066\u200f\u061c\ufeff""#), ("é€😀/", #""é€😀/""#),
    ])
    func escapesWhatALineOrATerminalWouldTakeForMore(_ text: String, _ expected: String) {
        #expect(written(text) == expected)
    }

    @Test func whatWasWrittenReadsBack() throws {
        let everything = String(String.UnicodeScalarView((0...0x2FFF).compactMap(Unicode.Scalar.init)))
        let back = try JSONDecoder().decode([String].self, from: Data("[\(written(everything))]".utf8))
        #expect(back == [everything])
        #expect(!written(everything).utf8.contains { $0 < 0x20 })
    }

    @Test func fieldsComeInTheOrderGivenAndAbsentOnesNotAtAll() {
        var json = JSONWriter()
        json.object {
            $0.field("b", "1")
            $0.field("none", String?.none)
            $0.field("a", Int64.max)
            $0.array("list") { json in
                json.object { _ in }
                json.number(-1)
                json.string("x")
                json.raw("true".utf8)
            }
            $0.field("yes", true)
            $0.object("inner") { $0.field(named: "odd \"name\"", "v") }
            $0.field("at", Timestamp(milliseconds: 0))
        }
        #expect(
            String(decoding: json.line(), as: UTF8.self)
                == #"{"b":"1","a":9223372036854775807,"list":[{},-1,"x",true],"yes":true,"#
                + #""inner":{"odd \"name\"":"v"},"at":"1970-01-01T00:00:00.000Z"}"# + "\n")
    }
}
