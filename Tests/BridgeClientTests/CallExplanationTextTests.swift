import BridgeClient
import CallModel
import Testing

@Suite struct CallExplanationTextTests {
    private static let document = """
        {"call":{"id":"c-1","source":"keyyo/desk","direction":"inbound","remote":{"number":"+33639980001"},
        "local":{"raw":"21"},"outcome":"missed","why":"never connected"},"history":[
        {"seq":4,"observed":"2026-11-21T09:30:00.000Z","event":{"type":"call.ringing","data":{}}},
        {"seq":6,"observed":"2026-11-21T09:30:09.000Z","event":{"type":"call.ended","data":{"why":"never connected"}}}],
        "explanation":{"basis":"replayed","steps":[
        {"observed":"2026-11-21T09:30:00.000Z","delivery":{"source":"keyyo/desk","kind":"webhook"},
        "fact":{"id":"f","word":"SETUP","step":"ringing"},"rules":[{"rule":"opened","why":"a new one begins"},
        {"rule":"reached","detail":"ringing","why":"the call moves forward, and states in between are not invented"}],
        "events":[{"id":"e","type":"call.ringing","seq":4,"rule":1}]},
        {"observed":"2026-11-21T09:30:05.000Z","rules":[],"events":[{"id":"x","type":"call.updated","seq":5,"told_then":true}]},
        {"observed":"2026-11-21T09:30:11.000Z","rules":[{"rule":"settled","detail":"missed","why":"the one summary"}],
        "events":[{"id":"s","type":"call.summary"}]}],
        "readers":[{"id":"r","socket":"/run/a.sock","uid":5,"pid":7,"numbers":"masked","since":"2026-11-21T09:00:00.000Z",
        "sent":[4],"excluded":[],"verdict":"sent 1 of 3 events; it had disconnected at 2026-11-21T09:30:01.000Z, before call.ended"}]}}
        """

    private func lines(
        _ text: String = document, columns: Int? = nil, numbers: EventEncoder.Numbers = .clear,
        now: String = "2026-11-21T20:00:00.000Z"
    ) throws -> [String] {
        let json = try JSONReader.value(of: Array(text.utf8)[...])
        let now = try #require(Timestamp(rfc3339: now))
        return try CallExplanationText(
            style: TerminalStyle(), parties: PartyText(numbers: numbers), clock: .utc, now: now, columns: columns
        ).lines(json)
    }

    @Test func whatIsOfAnotherDayHasItsDate() throws {
        let lines = try lines(now: "2026-11-22T01:00:00.000Z")
        #expect(lines[3].hasPrefix("2026-11-21 09:30:00  keyyo/desk webhook"), "\(lines[3])")
    }

    /// Wherever a number stands in the words.
    @Test func numbersAreMaskedForAWallDisplay() throws {
        let text = Self.document.replacing("a new one begins", with: "a new one of 0639980001 begins")
            .replacing(#""detail":"ringing""#, with: #""detail":"+33639980001""#)
        let shown = try lines(text, numbers: .masked).joined(separator: "\n")
        #expect(!shown.contains("639980001") && !shown.contains("3998"), "\(shown)")
        #expect(shown.contains("c-1  keyyo/desk  inbound  +336******01"), "\(shown)")
        #expect(try lines(text).joined().contains("a new one of 0639980001 begins"))
    }

    @Test func aTableWhereThereIsRoom() throws {
        let lines = try lines()
        #expect(lines[0] == "c-1  keyyo/desk  inbound  +33639980001 - 21  missed  (never connected)")
        #expect(
            lines[2].split(separator: "  ").map { $0.trimmingPrefix(" ") } == [
                "TIME", "WHAT CAME", "RULE", "TOLD", "WHY",
            ])
        #expect(lines[3].hasPrefix("09:30:00  keyyo/desk webhook: SETUP = ringing  opened"), "\(lines[3])")
        #expect(!lines[3].contains("call.ringing") && lines[3].hasSuffix("  a new one begins"))
        #expect(lines[4].contains("reached (ringing)  call.ringing #4  ") && lines[4].hasPrefix(" "), "\(lines[4])")
        #expect(lines[5].hasPrefix("09:30:05  told then ") && lines[5].contains("call.updated #5"), "\(lines[5])")
        #expect(lines[6].contains("a deadline") && lines[6].contains("call.summary (not told)"), "\(lines[6])")
        #expect(lines.last?.contains("/run/a.sock uid 5 pid 7 masked") == true)
    }

    @Test(arguments: [40, 60, 80, 100]) func nothingIsWiderThanTheTerminal(_ columns: Int) throws {
        let lines = try lines(columns: columns)
        #expect(lines.allSatisfy { TerminalText.width($0) <= columns }, "\(lines.joined(separator: "\n"))")
        let text = lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
        for part in ["SETUP = ringing", "states in between are not invented", "→ call.ringing #4", "before call.ended"]
        {
            #expect(text.contains(part), "\(part): \(text)")
        }
    }

    @Test func storedEventsWhereNothingElseIsKept() throws {
        let text = Self.document.replacing(
            /"steps":\[.*\],\n"readers"/.dotMatchesNewlines(), with: #""note":"no longer kept","steps":[],"readers""#)
        let lines = try lines(text)
        #expect(lines[2] == "no longer kept")
        #expect(lines.contains { $0.hasPrefix("6    09:30:09  call.ended    never connected") }, "\(lines)")
    }

    @Test func nobodyRead() throws {
        let text = #"{"call":{"id":"c"},"history":[],"explanation":{"steps":[],"readers":[]}}"#
        #expect(try lines(text).last == "nobody read the stream around this call")
        #expect(throws: ClientFailure.self) { try lines(#"{"call":{}}"#) }
    }
}
