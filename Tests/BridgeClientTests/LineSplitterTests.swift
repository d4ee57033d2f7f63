import BridgeClient
import Testing

@Suite struct LineSplitterTests {
    private func lines(_ pieces: [[UInt8]]) throws -> [String] {
        var splitter = LineSplitter()
        var lines: [String] = []
        for piece in pieces {
            splitter.append(piece)
            while let line = try splitter.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        }
        return lines
    }

    @Test func everyCutOfTheBytesGivesTheSameLines() throws {
        let text = Array("{\"name\":\"Zoé 📞\"}\n\n{\"b\":2}\n".utf8)
        let expected = ["{\"name\":\"Zoé 📞\"}\n", "{\"b\":2}\n"]
        for cut in 0...text.count {
            #expect(try lines([Array(text[..<cut]), Array(text[cut...])]) == expected)
        }
        #expect(try lines(text.map { [$0] }) == expected)
    }

    @Test func anUnfinishedLineIsNotGivenOut() throws {
        #expect(try lines([Array("{\"a\":1}\n{\"b\":".utf8)]) == ["{\"a\":1}\n"])
    }

    @Test func theLongestAllowedLinePasses() throws {
        let line = [UInt8](repeating: 0x61, count: LineSplitter.maximumLineBytes - 1) + [0x0A]
        #expect(try lines([line, line]).map(\.utf8.count) == [line.count, line.count])
    }

    @Test func aLongerLineIsAnErrorEvenBeforeItEnds() throws {
        let long = [UInt8](repeating: 0x61, count: LineSplitter.maximumLineBytes)
        #expect(throws: ClientFailure.self) { try lines([long]) }
        #expect(throws: ClientFailure.self) { try lines([long + [0x0A]]) }
    }
}
