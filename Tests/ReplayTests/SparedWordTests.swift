import CallModel
import FoundationEssentials
import Replay
import Testing

/// One delivery that nobody can read, or in which somebody writes a word of a protocol, does not spoil the others.
struct SparedWordTests {
    private static func line(_ at: Int, _ source: String, body: String? = nil, query: String? = nil) throws -> String {
        struct Line: Encodable {
            var at: Int
            var source: String
            var kind: String
            var body: String?
            var attributes: [String: String]?
        }
        let line = Line(
            at: at, source: source, kind: source.hasPrefix("ovh") ? "poll" : "webhook", body: body,
            attributes: query.map { ["query": $0] })
        return try #require(String(data: try JSONEncoder().encode(line), encoding: .utf8))
    }

    /// Whether it replays to the same, and what it has become.
    private func hidden(_ lines: [String]) throws -> String {
        let recording = try RecordingReader.read(Array(lines.joined(separator: "\n").utf8))
        let hidden = Anonymiser.anonymised(recording, key: "k")
        #expect(RecordingOutline(hidden) == RecordingOutline(recording))
        #expect(RecordingComparison.firstDifference(recording, hidden) == nil)
        return hidden.deliveries.map {
            String(decoding: $0.body, as: UTF8.self) + ($0.attributes["query"] ?? "")
        }.joined(separator: "\n")
    }

    private static let notification = """
        {"call_id":"g1","timestamp":"2026-01-05T10:00:00+01:00","status":"ringing","version":"v2","direction":"inbound",\
        "caller":{"number":"+31201230001","name":"Alice Kuiper","account_number":null,"user_numbers":[]},\
        "destination":{"number":"+31201239999","targets":[{"number":"+31201239998","name":"Bob","account_number":"234",\
        "user_numbers":["678"]}]}}
        """

    @Test(arguments: [
        ("\"Alice Kuiper\"", "\"Alice Kuiper"), ("\"Alice Kuiper\"", "Alice Kuiper\""),
        ("\"Alice Kuiper\"", "\"Alice \"de\" Kuiper\""), ("\"+31201230001\"", "\"+31201230001"),
        ("\"Alice Kuiper\",", "\"Alice Kuiper\""), ("\"+31201230001\"", "3.12e10"), ("\"Alice Kuiper\"", "null"),
    ])
    func oneLostQuote(_ from: String, _ to: String) throws {
        let text = try hidden([
            Self.line(1_000, "voipgrid/sales", body: Self.notification.replacing(from, with: to)),
            Self.line(5_000, "voipgrid/sales", body: Self.notification.replacing("g1", with: "g2")),
        ])
        #expect(!text.contains("Kuiper") && !text.contains("201230001"), "\(text)")
        #expect(text.contains("\"destination\":{\"number\"") && text.contains("\"direction\":\"inbound\""), "\(text)")
    }

    private static let queue = """
        [{"event":"member-queue-start","token":"[redacted]","service":"queues","ressource":"0033199000100",\
        "timestamp":1767603600000000000,"data":{"Action":"member-queue-start","Queue":"0033199000100",\
        "Calling":"0033639980012","QueueMemberCIDName":"x","QueueMemberSessionUUID":"c6","QueueMemberUUID":"45",\
        "Ts":"1767603600"},"details":{"Description":"Support","Type":"easyHunting"}}]
        """

    @Test(arguments: [
        "start", "Calling", "queue", "member", "Queue", "member-queue-start", "QueueMemberUUID", "details",
    ])
    func aTextThatIsAWordOfAProtocol(_ word: String) throws {
        let text = try hidden([
            Self.line(1_000, "ovh/paris", body: Self.queue),
            Self.line(
                1_500, "orange/old", query: "api=receiveSMS&from=33639980031&to=20345&content=\(word)"),
        ])
        #expect(text.contains("member-queue-start") && text.contains("\"Calling\""), "\(text)")
    }

    private static let report = """
        <status_report username="1"><call to="+33639980001" status="ERROR" call_id="77"><status type="ERROR"/></call>\
        </status_report>
        """

    @Test func aTextThatIsTheNameOfAnElement() throws {
        let text = try hidden([
            Self.line(1_000, "sfr-dmc/a", body: Self.report),
            Self.line(1_500, "orange/old", query: "api=receiveSMS&from=33639980031&to=20345&content=status_report"),
        ])
        #expect(text.contains("<status_report "), "\(text)")
    }

    private static let line = """
        {"Session":"S1","Message":"","Events":[{"Event":"start_ringing","Token":"[redacted]","Service":"sip",\
        "Ressource":"0033199000001","Timestamp":1767603600150954701,"Data":{"Called":"0033199000001","CallId":"N2",\
        "Calling":"0033639980011","Dialed":"0033199000001","Event":"start_ringing","Ts":1767603600.0},\
        "Details":{"Description":"Reception","Id":"295670","Type":"sipCirpack"}}]}
        """

    /// What then stands in a field for numbers is none, and stays in the others.
    @Test(arguments: [
        ("{\"Session\"", "x{\"Session\""), ("\"0033639980011\"", "\"0033639980011"), ("\"Called\":\"", "\"Called\":"),
    ])
    func oneLostQuoteAmongNumbers(_ from: String, _ to: String) throws {
        let text = try hidden([
            Self.line(1_000, "ovh/paris", body: Self.line.replacing(from, with: to)),
            Self.line(2_000, "ovh/paris", body: Self.line),
        ])
        #expect(!text.contains("639980011") && text.contains("\"Ts\":1767603600.0"), "\(text)")
    }

    @Test func anotherTextIsNone() throws {
        let text = try hidden([
            Self.line(1_000, "ovh/paris", body: Self.queue),
            Self.line(1_500, "orange/old", query: "api=receiveSMS&from=33639980031&to=20345&content=Gaspard"),
        ])
        #expect(!text.contains("Gaspard"), "\(text)")
    }

    @Test func theDeliveryThatComesOutDifferentlyIsNamed() throws {
        let lines = try [
            Self.line(1_000, "voipgrid/sales", body: Self.notification),
            Self.line(2_000, "voipgrid/sales", body: Self.notification.replacing("ringing", with: "in-progress")),
        ]
        let recording = try RecordingReader.read(Array(lines.joined(separator: "\n").utf8))
        let other = try RecordingReader.read(
            Array(lines.joined(separator: "\n").replacing("in-progress", with: "xyz").utf8))
        let found = RecordingComparison.firstDifference(recording, other)
        #expect(found?.number == 2 && found?.delivery.observed == Recording.start.advanced(by: .seconds(2)))
        #expect(RecordingComparison.firstDifference(recording, recording) == nil)
    }
}
