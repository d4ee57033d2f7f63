import Testing

@testable import ProviderSimulator

@Suite struct JSONTests {
    @Test func keepsDigitsAndOrder() throws {
        let text = #"{"b":1425554670255954700,"a":[1.50,-0,2e3,true,null,"é\n\"\\"],"c":{}}"#
        #expect(try json(text).json == text)
    }

    @Test func readsEscapes() throws {
        #expect(try json(#""\u00e9\ud83d\ude00\t\/""#) == .string("é😀\t/"))
    }

    @Test(arguments: [
        ("", "a value is missing"), ("{", "a name in quotes is missing"), (#"{"a":1,"a":2}"#, "\"a\" is given twice"),
        (#"{"a" 1}"#, "\":\" is missing after \"a\""),
        ("[1 2]", "\",\" or \"]\" is missing"),
        ("tru", "not a JSON value"),
        ("01", "unexpected text after the value"), ("1.", "a digit is missing"), (#""a"#, "a closing quote is missing"),
        (#""\ud83d""#, "half a surrogate pair"), (#""\x""#, "unknown escape"),
        ("{} x", "unexpected text after the value"),
        ("\"\u{1}\"", "a control character in text must be escaped"),
        (String(repeating: "[", count: 40), "nested deeper than 32 levels"),
    ])
    func refuses(_ text: String, _ message: String) {
        #expect {
            try json(text)
        } throws: { ($0 as? JSONFault)?.message == message }
    }

    @Test func overlayReplacesAddsAndRemoves() {
        var members = [JSONMember("a", "1"), JSONMember("b", "2")]
        members.overlay([JSONMember("b", .null), JSONMember("a", "3"), JSONMember("c", "4"), JSONMember("d", .null)])
        #expect(members == [JSONMember("a", "3"), JSONMember("c", "4")])
    }
}
