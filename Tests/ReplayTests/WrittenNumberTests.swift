import CallModel
import Replay
import Testing

/// A number is found however its digits are written and grouped, whatever was made of the field that it stands in.
struct WrittenNumberTests {
    private func hidden(_ deliveries: [Delivery]) -> [String] {
        var recording = Recording()
        recording.entries = deliveries.map { .delivery($0) }
        return Anonymiser.anonymised(recording, key: "k").deliveries.map {
            String(decoding: $0.body, as: UTF8.self) + ($0.attributes["query"] ?? "")
        }
    }

    private func hidden(_ body: String, of provider: String = "sfr-dmc", query: String? = nil) -> String {
        hidden([
            Delivery(
                source: SourceName(provider: ProviderID(rawValue: provider), name: "a"), observed: Recording.start,
                kind: .webhook,
                body: Array(body.utf8), attributes: query.map { ["query": $0] } ?? [:])
        ])[0]
    }

    private static func digits(_ text: String) -> String { text.filter { $0.isASCII && $0.isNumber } }

    @Test(arguments: ["%33%33639980002", "3363998000%32", "%2B33639980002", "0%3639980002", "%30639980002"])
    func escapesOfAQuery(_ written: String) {
        let text = hidden("", of: "keyyo", query: "account=33199000021&type=SETUP&callref=r&caller=\(written)&callee=1")
        #expect(!text.contains(written) && text.contains("3998"), "\(text)")
        #expect(!Self.digits(text).contains("39980002"), "\(text)")
    }

    @Test(arguments: [#"\u002b\u0033\u00339980002"#, #"+3363998\u0030002"#, #"+33639980\u00302\/\u0030"#])
    func escapesOfJSON(_ written: String) {
        let text = hidden(#"{"status_report":{"username":"1","sms":[{"to":"\#(written)","x":"\#(written)"}]}}"#)
        #expect(!text.contains(written), "\(text)")
    }

    @Test(arguments: ["&#43;33&#54;39980002", "&#x2B;3363998000&#x32;", "+33639980002"])
    func referencesOfXML(_ written: String) {
        let text = hidden(
            #"<status_report username="1"><call to="\#(written)" status="ENDED" call_id="7"/></status_report>"#)
        #expect(!text.contains(written) && text.contains(#"<call to=""#), "\(text)")
    }

    static let notations = [
        "06-39980002", "0639-980002", "+33 639980002", "0033 639980002", "+33 (0)6 39 98 00 02", "+33(0)639980002",
        "33 6 39 98 00 02", "06  39  98  00  02", "06 39.98.00 02", "06_39_98_00_02", "06,39,98,00,02",
        "06\u{2011}39\u{2011}98\u{2011}00\u{2011}02", "06\u{2013}39\u{2013}98\u{2013}00\u{2013}02",
        "06 - 39 - 98 - 00 - 02", "(06) 39 98 00 02", "0033 (0)6 39 98 00 02", "06/39/98/00/02", "06\t39\t98\t00\t02",
    ]

    /// In a field that nobody knows, a text within a text, a comment, a broken body.
    @Test(arguments: notations)
    func groups(_ written: String) {
        for body in [
            #"{"x":"\#(written)"}"#, #"{"x":["\#(written)"]}"#, #"[{"x":"call \#(written) back"}]"#, "x=\(written)",
            #"{"x":"{\"y\":\"\#(written)\"}"}"#, "<a><!-- \(written) --></a>", "<a>\(written)", #"{"x":"\#(written)"#,
        ] {
            let text = hidden(body)
            #expect(!Self.digits(text).contains("39980002"), "\(text)")
            #expect(Self.digits(text).count == Self.digits(body).count, "\(text)")
        }
    }

    /// The name of the field says that it is a number; it is then replaced wherever else it stands.
    @Test(arguments: [
        #"{"phone":"639980002"}"#, #"{"mobile":639980002}"#, #"{"phone":"639980002","#,
        "<a><phone>639980002</phone></a>",
        "<a phone='639980002'", #"{"QueueMemberCIDNumber":"639980002"}"#, "phone=639980002", #"{phone: 639980002"#,
        #"{"phone":"0639980077;639980002"}"#, #"{"phone":["639980002"]}"#,
        #"{"contact":{"phone":"639980002"}}"#, #"{"name":"agent_639980002_99"}"#,
    ])
    func digitsOfANumbersField(_ body: String) {
        for body in [body, body + " 639980002"] { #expect(!hidden(body).contains("39980002"), "\(hidden(body))") }
    }

    @Test func sevenDigits() {
        #expect(!hidden(#"{"caller":{"number":"5550134","#).contains("5550134"))
    }

    /// What only looks like one.
    @Test(arguments: [
        #"{"x":"2026-01-05T10:00:00.123456+01:00"}"#, #"{"x":"05/01/2026 10:20:30"}"#, #"{"x":1767603600.0}"#,
        #"{"x":"05-01-2026 10:20"}"#, #"{"x":"192.0.2.100 4096"}"#, #"{"x":[0,1,2,3,4,5,6,7,8,9]}"#,
        #"{"x":1767603600150954701,"y":1767603600.123456}"#, "x=2026-01-05%2010%3A00%3A00",
        #"{"x":"10:00:00.1234567"}"#,
    ])
    func timesAndMachinesStay(_ body: String) {
        #expect(hidden(body) == body)
    }

    /// Two of them side by side are two.
    @Test func severalNumbers() {
        let text = hidden(#"{"x":"0639980002 0639980003, +33639980004/+33639980005;0199000006 33639980007"}"#)
        for number in ["639980002", "639980003", "639980004", "639980005", "199000006", "639980007"] {
            #expect(!text.contains(number), "\(text)")
        }
        #expect(text.contains("/+33") && text.contains(";0"), "\(text)")
    }

    /// More numbers of one kind than there are others of it: each has one of its own all the same.
    @Test func noReplacementIsSharedWhereARangeIsFull() {
        let body = (0..<6_000).map { #"{"phone":"\#(5_500_000 + $0)"}"# }.joined(separator: ",")
        let found = hidden("[\(body)]").split(separator: ",").map { Self.digits(String($0)) }
        #expect(found.count == 6_000 && Set(found).count == 6_000)
        #expect(found.allSatisfy { $0.count == 7 && !(5_500_000..<5_506_000).contains(Int($0) ?? 0) })
    }
}
