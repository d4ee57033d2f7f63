import CallModel
import Testing

@testable import ControlAPI

extension ControlAPITests {
    /// What a reader of the stream asks for.
    @Suite struct EventsRequestTests {
        static let accepted: [(String?, LineFraming)] = [
            (nil, .lines), ("*/*", .lines), ("text/event-stream", .serverSentEvents),
            ("text/event-stream, */*", .serverSentEvents),
            ("text/event-stream;q=0.1, application/x-ndjson", .lines), ("text/event-stream;q=0.1, */*", .lines),
            ("application/x-ndjson;q=0.5, Text/Event-Stream ; q=0.8", .serverSentEvents),
            ("text/event-stream;q=0", .lines), ("text/event-stream;q=x", .lines), (";,;", .lines),
            ("text/html, text/event-stream;q=0.9, */*;q=0.8", .serverSentEvents),
        ]

        @Test(arguments: accepted)
        func theFormIsTheOneThatTheClientPrefers(accept: String?, framing: LineFraming) {
            #expect(LineFraming(accept: accept) == framing)
        }

        @Test(arguments: ["line=%20", "line=a%0Ab", "line=%7F", "line=" + String(repeating: "1", count: 129)])
        func whatCanBeNoLineIsRefused(query: String) async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.request("GET /v1/events?\(query) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(answer.status == 400 && answer.json.parameter?.text == "line")
            }
        }

        /// Its number in any notation, by the countries of the sources.
        @Test func aLineIsFoundHoweverItIsWritten() throws {
            func line(_ text: String) throws(Problem) -> EventFilter {
                try EventsRequest.read(
                    "line=\(text)", accept: nil, lastEventID: nil, now: TestBridge.now,
                    plans: [NumberPlan(country: "FR")]
                ).filter
            }
            let draft = TestBridge.draft(1)
            for text in ["0199000001", "01%2099%2000%2000%2001", "0033199000001", "%2B33199000001", "33199000001"] {
                #expect(try line(text).admits(draft), "\(text)")
            }
            for text in ["0199000002", "xx", "199000001"] { #expect(try !line(text).admits(draft), "\(text)") }
            #expect(try line("0199000001").query == "line=0199000001")
        }
    }
}
