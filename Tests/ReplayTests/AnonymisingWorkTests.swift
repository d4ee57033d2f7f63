import CallModel
import Providers
import Replay
import Testing

/// What anybody can send takes work in proportion to its bytes. Each of these is small, and not done within an hour, or
/// ever, where the work grows with the square of the bytes or doubles with each.
struct AnonymisingWorkTests {
    private static let source = SourceName(provider: "sfr-dmc", name: "campaigns")

    private func hidden(_ bodies: [String]) -> [String] {
        var recording = Recording()
        for body in bodies {
            recording.entries.append(
                .delivery(
                    Delivery(source: Self.source, observed: Recording.start, kind: .webhook, body: Array(body.utf8))))
        }
        return Anonymiser.anonymised(recording, key: "k").deliveries.map { String(decoding: $0.body, as: UTF8.self) }
    }

    private static func report(_ text: String) -> String {
        #"{"status_report":{"username":"1234","sms":[{"to":"+33639980041","call_id":"r1","status":"SENT","text":""#
            + text + #""}]}}"#
    }

    private static func many(_ count: Int, _ text: String) -> String { String(repeating: text, count: count) }

    @Test(.timeLimit(.minutes(1)), arguments: [20, 2_000])
    func backslashes(_ count: Int) {
        let text = hidden([Self.report("a" + Self.many(count, #"\\"#) + "b")])[0]
        #expect(!text.contains(#"\\"#) && !text.contains("39980041") && text.contains(#""call_id":"r1""#))
    }

    private static let endless = [
        many(100_000, "a"), many(100_000, "_"), many(50_000, "a="), many(12_000, "<name>") + "</",
        many(12_000, "<name>") + "</name>", many(8_000, "<name><![CDATA["), "</" + many(100_000, "<"),
        many(8_000, "<name><![CDATA[") + "]]></name>", many(30_000, "%40"), many(100_000, "@"),
        many(50_000, "a@"), many(100_000, "1"), many(50_000, "1 "), many(30_000, "0 1"), many(100_000, "+"),
        many(100_000, "%"), many(100_000, "&"), many(100_000, "\""), many(100_000, "\\"), many(50_000, "=\""),
        many(9_000, "login=\"1"), "{" + many(6_000, "\"name\":{"), "{" + many(6_000, "name:["),
        "{" + many(6_000, "\"name\":\""), "{" + many(6_000, "name:'\","), "{" + many(6_000, "name:"),
        "{" + many(6_000, "text:["), "{" + many(6_000, "name:\"a\" "), "{" + many(6_000, "\"name\":\"\\\""),
        "{'name':'" + many(30_000, "\\"), "{" + many(30_000, "\":"), "{name" + many(100_000, " ") + ":",
        "{" + many(6_000, "name :   "), "<" + many(30_000, "name="), "<" + many(6_000, "<name='"),
        "<" + many(6_000, "name=\"'"), many(6_000, "text=name:'&"), "{\"a\":\"" + many(6_000, "name:'") + "\"}",
    ]

    /// By number, because the words would fill the test's log.
    @Test(.timeLimit(.minutes(1)), arguments: endless.indices)
    func wordsWithoutEnd(_ number: Int) {
        let body = Self.endless[number]
        // A replacement has eleven bytes, and no text that is replaced fewer than two.
        #expect(hidden([body])[0].utf8.count <= 6 * body.utf8.count + 64)
    }

    /// Each beginning of a word is where the text could begin, and it all but does.
    @Test(.timeLimit(.minutes(1)))
    func aLongTextThatNearlyRepeats() {
        let words = Self.many(20_000, "a ")
        let text = hidden([Self.report(words + "z"), Self.report(words + "y").replacing("text", with: "route")])
        #expect(!text[0].contains("a a a"))
        #expect(text[1].contains(words + "y"))
    }

    /// All texts of blanks and plus signs, which are read alike: one place could be the beginning of each.
    @Test(.timeLimit(.minutes(1)))
    func manyTextsThatAreReadAlike() {
        let texts = (0..<4_096).map { number in
            String((0..<12).map { number >> $0 & 1 == 0 ? "+" : " " }) + "a"
        }
        let list = texts.map { #"{"status":"SENT","text":"\#($0)"}"# }.joined(separator: ",")
        let text = hidden(["[\(list)]", Self.many(50_000, "+")])
        #expect(!text[0].contains("+a\"") && !text[0].contains(" a\""))
    }

    /// JSON within JSON within JSON: with each level there are twice as many backslashes.
    @Test(.timeLimit(.minutes(1)))
    func textsNestedInTexts() {
        var text = "Zoe Martin"
        for _ in 0..<14 {
            text = #"{"text":""# + text.replacing("\\", with: #"\\"#).replacing("\"", with: #"\""#) + #""}"#
        }
        let found = hidden([text, #"{"name":"Zoe Martin"}"#, "Zoe Martin"])
        #expect(found.allSatisfy { !$0.contains("Martin") })
    }

    @Test(.timeLimit(.minutes(1)))
    func valuesNestedInValues() {
        let deep = Self.many(20_000, #"{"text":["#) + #""Zoe Martin""# + Self.many(20_000, "]}")
        #expect(!hidden([deep])[0].isEmpty)
        let allowed = Self.many(15, #"{"text":["#) + #""Zoe Martin""# + Self.many(15, "]}")
        #expect(!hidden([allowed])[0].contains("Martin"))
    }

    /// All numbers there are for fiction: nothing is free for any of them, which is found out once.
    @Test(.timeLimit(.minutes(1)))
    func allNumbersOfARange() {
        let numbers = (0..<10_000).map { "+336 39 98 " + String(String($0 + 10_000).dropFirst()) }
        let text = hidden([numbers.joined(separator: ",")])[0]
        #expect(text.utf8.count == 160_000 - 1 && Set(text.split(separator: ",")).count == 10_000)
    }
}
