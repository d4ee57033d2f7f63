import BridgeClient
import CallModel
import Testing

@Suite struct JSONReaderTests {
    private func value(_ text: String) throws -> JSONValue { try JSONReader.value(of: Array(text.utf8)[...]) }

    @Test func readsEveryKindOfValue() throws {
        let document = try value(#" {"a":[1,-2,3.5,1e2],"b":{"c":null,"d":true,"e":false},"f":"x","g":{},"h":[]} "#)
        #expect(document["a"]?.array == [.integer(1), .integer(-2), .decimal(3.5), .decimal(100)])
        #expect(document["b"]?["c"] == nil)
        #expect(document["b"]?["d"] == .bool(true))
        #expect(document["f"]?.string == "x")
        #expect(document["g"]?.members == [])
        #expect(document.members?.map(\.name) == ["a", "b", "f", "g", "h"])
    }

    @Test func readsEscapesAndSurrogatePairs() throws {
        #expect(try value(#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\udcdeé📞""#).string == "a\"\\/\u{8}\u{c}\n\r\té📞é📞")
        #expect(try value(#""\ud83dx\udcde""#).string == "\u{FFFD}x\u{FFFD}")
        #expect(try value(#""\ud83d\u0041""#).string == "\u{FFFD}A")
    }

    @Test func bytesThatAreNoTextAreReplaced() throws {
        #expect(try JSONReader.value(of: [0x22, 0xC3, 0x22][...]).string == "\u{FFFD}")
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "tru", "nul", "\"", "\"\\", "\"\\u12\"",
        "\"\\x\"", "\"\n\"", "+1", "-", "1-2", ".5", "1e999", "[1] 2", "{\"a\":1}}", "\"\\ud83d",
    ])
    func refusesWhatIsNoJSON(text: String) {
        #expect(throws: JSONReader.Malformed.self) { try value(text) }
    }

    @Test func refusesWhatIsNestedTooDeeplyWithoutRunningOutOfStack() {
        #expect(throws: JSONReader.Malformed.self) { try value(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: Never.self) {
            try value(String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
        }
    }

    @Test func anyCutOfALineIsRefusedAndNothingTraps() throws {
        let line = SampleLines.call { $0.remote?.name = "Zoé \u{1b} \"📞\"" }
        for end in 0..<(line.count - 2) {
            #expect(throws: JSONReader.Malformed.self) { try JSONReader.value(of: line[..<end]) }
        }
        for index in line.indices {
            var damaged = line
            damaged[index] ^= 0x5A
            _ = try? JSONReader.value(of: damaged[...])
            _ = try? EventEnvelope(line: damaged[...])
        }
    }

    @Test func anEnvelopeHasTheTypeAndTheCursor() throws {
        let event = try EventEnvelope(
            line: SampleLines.call(.callEnded, seq: 42, state: .ended) { $0.outcome = .missed }[...])
        #expect(event.type == "call.ended")
        #expect(event.cursor == SampleLines.cursor(42))
        let bookmark = try EventEnvelope(line: SampleLines.bookmark(7)[...])
        #expect(bookmark.isStreamLine)
        #expect(bookmark.cursor == nil)
        #expect(bookmark.cursor(named: "cursor") == SampleLines.cursor(7))
        #expect(try EventEnvelope(line: SampleLines.hello(head: 5)[...]).cursor(named: "head") == SampleLines.cursor(5))
    }

    @Test(arguments: ["[]\n", "hello\n", "{}\n", "{\"type\":3}\n"]) func aLineWithoutATypeIsNoEvent(line: String) {
        #expect(throws: ClientFailure.self) { try EventEnvelope(line: Array(line.utf8)[...]) }
    }
}
