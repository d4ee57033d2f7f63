import Testing

@testable import Replay

/// Which texts are found, and as what.
struct TextTreeTests {
    private func replaced(_ texts: [String], in body: String) -> String {
        let tree = TextTree(
            texts.enumerated().map { (key: $1.unicodeScalars.map(\.value), value: Array("<\($0)>".utf8)) })
        return String(decoding: TextTree.replacing(in: Array(body.utf8), [tree]), as: UTF8.self)
    }

    @Test(
        arguments: [
            // The longest where several begin; the rest of the second where two overlap.
            (["Ann", "Ann Lee"], "Ann Lee, Ann Leeds", "<1>, <0> Leeds"),
            (["a b", "b c"], "a b c", "<0><1>"),
            (["b", "a b c"], "a b d", "a <0> d"),
            // What is found within another text's beginning, and what is not, as it is part of a word there.
            (["x lee y", "lee"], "x lee z", "x <1> z"),
            (["x fleet y", "leet"], "x fleet z", "x fleet z"),
            (["x 'leet y", "leet"], "x 'leet z", "x '<1> z"),
            (["ab", "ab ab ac"], "ab ab ab", "<0> <0> <0>"),
            // Notations, also where the text holds what could be one.
            (["a\\b"], #"["a\\b"]"#, #"["<0>"]"#), (["C:\\"], #"["C:\\"]"#, #"["<0>"]"#),
            (["50%20 off"], "50%20 off|50%2520+off|50%2520%20off", "<0>|<0>|<0>"),
            (["A+B"], "A+B,A%2BB", "<0>,<0>"), (["R&amp;D"], "R&amp;D", "<0>"), (["R&D"], "R&amp;D R&D", "<0> <0>"),
            (["\u{FFFD} x"], #"["\ud83d x"]"#, #"["<0>"]"#), (["😀 é"], #"\ud83d\ude00 \u00e9"#, "<0>"),
            (["é \"x\""], #"%C3%A9+\"x\""#, "<0>"),
            (["Ann"], #"\nAnn\n%20Ann%20\u0020Ann"#, #"\n<0>\n%20<0>%20\u0020<0>"#),
            (["Ã©t"], "Ã©t", "<0>"), (["ét"], "ét", "<0>"),
        ])
    func isFound(_ texts: [String], _ body: String, _ expected: String) {
        #expect(replaced(texts, in: body) == expected)
    }

    @Test func windows1252ThatCouldBeUTF8() {
        let tree = TextTree([(key: "Ã©t".unicodeScalars.map(\.value), value: Array("<0>".utf8))])
        #expect(TextTree.replacing(in: [0xE9, 0x20, 0xC3, 0xA9, 0x74], [tree]) == [0xE9, 0x20] + Array("<0>".utf8))
    }

    /// The same as looking for each text at each place.
    @Test func agreesWithLookingEverywhere() {
        var seed: UInt64 = 1
        func random(_ limit: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % limit
        }
        func text(_ length: Int) -> String { String((0..<length).map { _ in Array("ab ")[random(3)] }) }
        for _ in 0..<400 {
            let texts = (0..<(1 + random(6))).map { _ in text(1 + random(5)) }
            let body = text(24)
            #expect(replaced(texts, in: body) == everywhere(texts, in: body), "\(texts) in \(body)")
        }
    }

    private func everywhere(_ texts: [String], in body: String) -> String {
        let characters = Array(body)
        func isWithin(_ place: Int) -> Bool {
            place > 0 && place < characters.count && characters[place] != " " && characters[place - 1] != " "
        }
        // At each end the longest.
        var hits: [(start: Int, end: Int, number: Int)] = []
        for end in 1...characters.count where !isWithin(end) {
            let start = (0..<end).first { start in
                !isWithin(start) && texts.contains { Array($0)[...] == characters[start..<end] }
            }
            guard let start, let number = texts.firstIndex(of: String(characters[start..<end])) else { continue }
            hits.append((start, end, number))
        }
        var result = ""
        var place = 0
        for hit in hits.sorted(by: { ($0.start, $1.end) < ($1.start, $0.end) }) where hit.end > place {
            result += String(characters[min(place, hit.start)..<hit.start]) + "<\(hit.number)>"
            place = hit.end
        }
        return result + String(characters[place...])
    }
}
