import CallModel
import FoundationEssentials
import Providers
import Replay
import Testing

/// People's names in what people report: bodies that nothing was made of, and those of which a reader keeps half.
struct UnreadableTextTests {
    private static let source = SourceName(provider: "voipgrid", name: "sales")

    private func hidden(_ bodies: [String], query: String? = nil) -> [String] {
        var recording = Recording()
        recording.entries = bodies.map { body in
            .delivery(
                Delivery(
                    source: Self.source, observed: Recording.start, kind: .webhook, body: Array(body.utf8),
                    attributes: query.map { ["query": $0] } ?? [:]))
        }
        return Anonymiser.anonymised(recording, key: "k").deliveries.map {
            String(decoding: $0.body, as: UTF8.self) + ($0.attributes["query"] ?? "")
        }
    }

    @Test(arguments: [
        #"{"caller":{"name":"Jan Zoetemelk","num"#, #"{"caller":{"name":"Jan Zoetemelk"#,
        #"{"name":"Jan \"Zoe\" Zoetemelk","n"#,
        #"{"caller":{"name":"Zo\u00ebtemelk","num"#, #"{"caller":{"name" : "Zoetemelk" , "num"#,
        "{'name':'Jan Zoetemelk'}", "{'caller': {'name': 'Jan Zoetemelk'", #"{'name': "Zoe't Zoetemelk", 'x': 1}"#,
        "{name: Jan Zoetemelk, number: 1}", "{name: 'Zoetemelk'", #"{"name":"Jan "Zoe" Zoetemelk","number":1}"#,
        #"{"a":"x,"name":"Jan Zoetemelk"}"#, #"{caller":{name":"Jan Zoetemelk"}}"#, "{“name”: “Jan Zoetemelk”}",
        "{« name » : »Jan Zoetemelk »}", #"{"caller":{"name":{"first":"Zoe","whatever":"Zoetemelk"#,
        #"{"names":["Jan Janssen","Zoe Zoetemelk"#, #"{"emails":["zoe"], "login":"zoe","#,
        #"{"name":[{"x":"Zoetemelk"}]"#,
        #"{\"name\":\"Jan Zoetemelk\",\"num"#, #"["#, #"{"x":"%7B%22name%22%3A%22Jan%20Zoetemelk%22"#,
        #"{"data":{"agent":"zoe","queue":"#, "[name] => Jan Zoetemelk\n[to] => ", "{[name] => Jan Zoetemelk\n[to] => ",
        #"{"caller":"Jan Zoetemelk","callee":"0199000051","#, "Array\n(\n [name] => Zoetemelk\n)",
    ])
    func cutOffOrDamaged(_ body: String) {
        let text = hidden([body])[0].lowercased()
        #expect(!text.contains("zo"), "\(text)")
    }

    @Test(arguments: [
        #"{"name":"Jan Zoetemelk","name":"Jan Jansen"}"#, #"{"name":"Jan Jansen","name":"Jan Zoetemelk"}"#,
        #"{"name":{"first":"Jan","last":"Zoetemelk"}}"#, #"{"name":{"a":{"b":["Zoetemelk"]}}}"#,
        #"{"first":"Zoe"}"#, #"{"last":"Zoe"}"#, #"{"note":"call Zoe back"}"#, #"{"a":{"note":["x","call Zoe back"]}}"#,
        #"{"customer_note":"Zoe"}"#, #"{"agentName":"Zoe"}"#, #"{"Agent Name":"Zoe"}"#, #"{"caller":"Zoe"}"#,
        #"{"ref_externe":"Zoe"}"#, #"{"account_number":"zoe.martin"}"#, #"{"IdBillingAccount":"zoe1234-ovh"}"#,
        #"{"subject":"For Zoe"}"#, #"{"n\u0061me":"Zoe"}"#, #"{"payload":"{\"name\":\"Zoe\"}"}"#,
        #"{"payload":"{\"name\":\"\u005au00eb Zo\u00eb"}"#, #"{"x":"<a name=\"Zoe\"/>"}"#,
        "<r name='Zoe'/>", #"<r info="call Zoe"><s/></r>"#, #"<r name = "Zo&#101;"#,
        "<r><d><![CDATA[{\"name\":\"Zoe\"}]]></d></r>",
    ])
    func everyValue(_ body: String) {
        let text = hidden([body])[0].lowercased()
        #expect(!text.contains("zo"), "\(text)")
    }

    @Test(arguments: [
        "caller%5Bname%5D=Zoe", "note=call+Zoe", "first=Zoe", "a=1&agent_name=Zo%65", "caller=Zoe&x=1", "from=Zoe",
        "data=%7B%22name%22%3A%22Zoe%22%7D", "data=%7B%22name%22%3A%22Zoe", "name[first]=Zoe",
    ])
    func queriesAndForms(_ form: String) {
        for text in hidden([form]) + hidden([""], query: form) { #expect(!text.contains("Zo"), "\(text)") }
    }

    @Test func theHeadOfAMessage() {
        var recording = Recording()
        recording.entries = [
            .delivery(
                Delivery(
                    source: Self.source, observed: Recording.start, kind: .webhook,
                    attributes: ["content-type": "text/plain; name=\"Zoe Martin\""]))
        ]
        let found = Anonymiser.anonymised(recording, key: "k").deliveries[0].attributes["content-type"] ?? ""
        #expect(found.hasPrefix("text/plain; name=\"x") && !found.contains("Martin"), "\(found)")
    }

    @Test func aTextThatStays() {
        let bodies = [
            #"{"queue_name":"sales","id":"a","state":"x"}"#, #"{"message":{"id":"abc-1"}}"#, "caller=_CALLER_&note=_N_",
            #"{"info":"[redacted]","note":"2026-01-05T10:00:00+01:00"}"#, #"<a>it's</a><b x="it's"/>"#,
        ]
        #expect(hidden(bodies) == bodies)
    }

    /// What was found in one delivery is hidden in all, and nothing of what they are made of.
    @Test func damageBesideWhatIsWhole() throws {
        func body(_ status: String, _ more: String = "") -> String {
            #"{"call_id":"a1","timestamp":"2026-01-05T10:00:00+01:00","status":"\#(status)","version":"v2","#
                + #""direction":"inbound","note":"name:'","caller":{"number":"+33639980051","name":"Jan Zoetemelk","#
                + #""note":"nom:"},"destination":{"number":"+33199000051","x":[1,true,"name:",2]}\#(more)}"#
        }
        let bodies = [
            body("created"), String(body("created").dropLast(60)), body("ringing", #","name":"ringing""#),
            body("ended", #","name":{"a":"ended","b":"status","c":"2026-01-05T10:00:00+01:00"}"#),
        ]
        let lines = try bodies.enumerated().map { number, body in
            let text = try #require(String(data: try JSONEncoder().encode(body), encoding: .utf8))
            return #"{"at":\#(number * 1000),"source":"voipgrid/sales","kind":"webhook","body":\#(text)}"#
        }
        let recording = try RecordingReader.read(Array(lines.joined(separator: "\n").utf8))
        let hidden = Anonymiser.anonymised(recording, key: "k")
        #expect(RecordingOutline(hidden) == RecordingOutline(recording))
        #expect(RecordingOutline(recording).calls.count == 1 && RecordingOutline(recording).others.count == 1)
        #expect(!String(decoding: RecordingWriter.bytes(hidden), as: UTF8.self).contains("Zoetemelk"))
    }

    /// What no reader took must not become whole with what is damaged in it.
    @Test(arguments: ["Zoe & Jan", "&zoe;", "Zo\u{1}e"])
    func damageStays(_ name: String) {
        for body in ["<a name=\"\(name)\"/>", "<a><name>\(name)</name></a>"] {
            let text = hidden([body])[0]
            #expect(["&", "\u{1}"].contains { text.contains($0) } && !text.contains("Zoe"), "\(text)")
        }
    }

    /// The remark that tells how a call came out stays, in JSON as in XML; what is beside it does not.
    @Test(arguments: [
        #"<status_report username="1"><call to="+33639980041" status="ERROR" call_id="r1" info="Zoe CRA_VOCAL_BUSY"/></status_report>"#,
        #"{"status_report":{"call":[{"to":"+33639980041","call_id":"r1","status":"ERROR","info":"Zoe cra_vocal_busy"}]}}"#,
    ])
    func resultsStay(_ body: String) throws {
        let text = try #require(String(data: try JSONEncoder().encode(body), encoding: .utf8))
        let line = #"{"at":0,"source":"sfr-dmc/a","kind":"webhook","body":\#(text)}"#
        let recording = try RecordingReader.read(Array(line.utf8))
        let hidden = Anonymiser.anonymised(recording, key: "k")
        #expect(RecordingOutline(hidden) == RecordingOutline(recording))
        #expect(RecordingOutline(recording).calls.contains { $0.contains("busy") })
        #expect(!String(decoding: RecordingWriter.bytes(hidden), as: UTF8.self).contains("Zoe"))
    }
}
