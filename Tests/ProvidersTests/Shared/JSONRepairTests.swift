import Testing

@testable import Providers

/// Broken JSON is mended where a person would still understand it, and nowhere else.
struct JSONRepairTests {
    private func read(_ text: String) -> JSONValue? { JSONValue.read(Array(text.utf8)) }

    @Test func controlCharactersHalfPairsAndUnknownEscapesKeepTheirText() {
        #expect(read("[\"a\tb\n\"]") == .array([.string("a\tb\n")]))
        #expect(read(#"["\ud83d x"]"#) == .array([.string("\u{FFFD} x")]))
        #expect(read(#"["\udc00"]"#) == .array([.string("\u{FFFD}")]))
        #expect(read("[\"\u{1}\", \"\\ud83d\\ude00\"]") == .array([.string("\u{1}"), .string("😀")]))
        #expect(read(#"["C:\qx", "\u12"]"#) == .array([.string(#"C:\qx"#), .string(#"\u12"#)]))
    }

    @Test func numbersNoMachineHoldsAreTexts() {
        #expect(
            read("[1e400, -1e999, 007, NaN, Infinity, -Infinity, 1.5]")?.array?.map(\.text) == [
                "1e400", "-1e999", "007", nil, nil, nil, "1.5",
            ])
    }

    @Test(arguments: ["", "\"\\u00e9\", ", "\"a\tb 99999999999999999999\", "])
    func wholeNumbersBeyond64BitsAreTheirDigits(_ first: String) {
        let numbers = "18446744073709551616, -18446744073709551616, 9223372036854775807, 1E2"
        let read = read("[\(first)\(numbers), 0.12345678901234567890123]")?.array?.suffix(5).map(\.text)
        #expect(
            read?.prefix(4) == ["18446744073709551616", "-18446744073709551616", "9223372036854775807", "100"]
                || read?.prefix(4) == ["18446744073709551616", "-18446744073709551616", "9223372036854775807", "100.0"])
        #expect(read?.last??.hasPrefix("0.123456789") == true)
    }

    /// An id that no provider documents costs itself and nothing beside it.
    @Test(arguments: [
        "12345678901234567890ab", "0x1234567890123456789012", "12345678901234567890-1", "-12345678901234567890x",
        "1234567890123456789012", "12345678901234567890.5.1", "00012345678901234567890",
    ])
    func anOddLongNumberIsAText(_ number: String) {
        for first in ["", #""a":"\u00e9","#, "\"a\":\"\t\","] {
            let object = read(#"{\#(first)"id":\#(number),"good":[7]}"#)?.object
            #expect(object?["good"] == .array([.integer(7)]))
            #expect(object?["id"] == .string(number))
        }
    }

    @Test func whatIsNestedBeyondReasonIsLeftOut() {
        let deep = String(repeating: #"{"a":["]", "#, count: 300) + "1" + String(repeating: "]}", count: 300)
        #expect(read(#"{"deep":\#(deep),"good":"yes"}"#)?.object?["good"] == .string("yes"))
    }

    @Test(arguments: ["", "{", "[1", #"{"a":"#, #"["a"#, "<html>", "]", "}{", #"{"a" 1}"#, #"["\"#, "[1,]x"])
    func whatIsNoJSONStaysSo(_ text: String) {
        #expect(read(text) == nil)
    }

    @Test func wholeTextsAreLeftAsTheyAre() {
        let text = #"{"a":[1,-2.5e3,"x\\\"y",true,null,{"b":""}]}"#
        #expect(String(decoding: JSONRepair.mended(Array(text.utf8)), as: UTF8.self) == text)
    }

    @Test(.timeLimit(.minutes(1)))
    func fourMegabytesOfBracketsEnd() {
        #expect(JSONValue.read(Array(repeating: UInt8(ascii: "["), count: 4 << 20)) == nil)
    }
}
