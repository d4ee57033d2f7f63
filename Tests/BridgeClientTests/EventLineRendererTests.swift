import BridgeClient
import CallModel
import Testing

/// What a person sees, to the letter.
@Suite struct EventLineRendererTests {
    private func line(
        _ bytes: [UInt8], style: TerminalStyle = TerminalStyle(), numbers: EventEncoder.Numbers = .clear
    ) throws -> String {
        let event = try JSONReader.value(of: bytes[...])
        let time = event["time"]?.string.flatMap { Timestamp(rfc3339: $0) }
        return EventLineRenderer(style: style, numbers: numbers, clock: .utc).line(for: event, time: time)
    }

    @Test func ringing() throws {
        let bytes = SampleLines.call { $0.remote?.name = "Jean Petit" }
        #expect(
            try line(bytes)
                == "09:30:00.125  ovh/paris         ringing      +33639980001 (Jean Petit) → +33199000010")
    }

    @Test func connectedTellsHowLongItRang() throws {
        let bytes = SampleLines.call(.callConnected, state: .connected, direction: .outbound, at: 12) {
            $0.times = CallTimes(ringing: SampleLines.start, connected: SampleLines.start.advanced(by: .seconds(12)))
        }
        #expect(
            try line(bytes) == "09:30:12.125  ovh/paris         connected    +33639980001 ← +33199000010 rang 12s")
    }

    @Test func aSummaryTellsOutcomeCauseAndDurations() throws {
        let bytes = SampleLines.call(.callSummary, state: .ended, basis: .inferred(why: "x"), at: 65) {
            $0.outcome = .missed
            $0.cause = Cause(code: "timeout", by: .network)
            $0.ring = .seconds(63)
            $0.wait = .seconds(5)
            $0.queue = QueueStay(name: "accueil", agent: "12")
        }
        #expect(
            try line(bytes)
                == "09:31:05.125  ovh/paris        ~summary      +33639980001 → +33199000010 missed (timeout) "
                + "queue accueil, agent 12 rang 1m03s, waited 5s")
    }

    @Test func anonymousAndUnknownParties() throws {
        let bytes = SampleLines.call(direction: .unknown) {
            $0.remote = Party(kind: .anonymous)
            $0.local = nil
        }
        #expect(try line(bytes).hasSuffix("ringing      anonymous – ?"))
    }

    @Test func maskedNumbersComeWithoutNames() throws {
        let bytes = SampleLines.call { $0.remote?.name = "Jean Petit" }
        let text = try line(bytes, numbers: .masked)
        #expect(text.hasSuffix("+336******01 → +331******10"))
        #expect(!text.contains("Jean"))
    }

    @Test func aLineThatIsCalledByANameIsHiddenWhole() throws {
        let bytes = SampleLines.call {
            $0.remote = Party(raw: "jean.petit", kind: .unknown)
            $0.local = Party(kind: .unknown, line: "marie.dupont")
        }
        #expect(try line(bytes, numbers: .masked).hasSuffix("*** → ***"))
        let masked = SampleLines.call { $0.remote = Party(raw: "+336******01", kind: .e164) }
        #expect(try line(masked, numbers: .masked).contains("+336******01"))
    }

    @Test func sourcesQueuesAndLines() throws {
        let down = SampleLines.event(
            .sourceDown, .source(SourceReport(change: .down, reason: "401: the token is refused")))
        #expect(try line(down).hasSuffix(" source down  401: the token is refused"))
        let unparsed = SampleLines.event(
            .sourceUnparsed, .unparsed(UnparsedInput(kind: "unknown event", detail: "start_dancing"), count: 3))
        #expect(try line(unparsed).hasSuffix(" source unparsed unknown event: start_dancing (3 times)"))
        let count = SampleLines.event(.queueCount, .queueCount(queue: "accueil", waiting: 3, words: ProviderWords()))
        #expect(try line(count).hasSuffix(" queue        accueil: 3 waiting"))
        let offer = QueueOffer(call: nil, queue: "accueil", agent: "12", remote: nil, words: ProviderWords())
        #expect(try line(SampleLines.event(.queueOffered, .queueOffer(offer))).hasSuffix(" accueil rings agent 12"))
    }

    @Test func messages() throws {
        let received = Array(
            #"""
            {"type":"message.received","source":"orange/legacy","observed":"2026-03-02T09:30:00.000Z",
             "data":{"medium":"sms","direction":"inbound","remote":{"number":"+33639980051"},"local":{"raw":"20345"},
             "text":"POLL A","keyword":"POLL","basis":"reported"}}
            """#.utf8)
        #expect(try line(received).hasSuffix(#"orange/legacy     sms received +33639980051 → 20345 "POLL A""#))
        let masked = try line(received, numbers: .masked)
        #expect(!masked.contains("POLL") && !masked.contains("39980051"))
        let own = Array(
            #"""
            {"type":"message.status","source":"sfr-dmc/campaigns","observed":"2026-03-02T09:30:00.000Z",
             "data":{"medium":"sms","status":"failed","direction":"outbound","remote":{"number":"+33639980052"},
             "reference":"+33639980052","cause":{"code":"06 39 98 00 52"},"basis":"reported"}}
            """#.utf8)
        #expect(try line(own, numbers: .masked).hasSuffix("+336******52 (06 3********52) [+3363*****52]"))
        let status = Array(
            #"""
            {"type":"message.status","source":"sfr-dmc/campaigns","observed":"2026-03-02T09:30:00.000Z",
             "data":{"medium":"sms","status":"failed","direction":"outbound","remote":{"number":"+33639980052"},
             "reference":"654321","cause":{"code":"CRA_X","text":"no such subscriber"},"basis":"reported"}}
            """#.utf8)
        #expect(try line(status).hasSuffix("sms failed   +33639980052 (no such subscriber) [654321]"))
    }

    @Test func aTypeOfANewerDaemonIsShownAsFarAsItCanBe() throws {
        let bytes = Array(
            #"{"type":"fax.page","source":"x/y","data":{"page":3,"who":"a\u001b[2J","more":{"b":1}}}"#.utf8)
        #expect(try line(bytes) == "              x/y               fax.page     page=3 who=a\\u001b[2J")
    }

    @Test func withoutUnicodeAndWithColour() throws {
        let ascii = try line(SampleLines.call(), style: TerminalStyle(unicode: false))
        #expect(ascii.hasSuffix("+33639980001 -> +33199000010"))
        let colour = try line(SampleLines.call(), style: TerminalStyle(colour: true))
        #expect(colour.hasPrefix("\u{1B}[2m09:30:00.125\u{1B}[0m  \u{1B}[36movh/paris       \u{1B}[0m"))
        #expect(colour.contains("\u{1B}[33mringing     \u{1B}[0m"))
    }

    @Test func eachDayBeginsWithItsDate() throws {
        var renderer = EventLineRenderer(style: TerminalStyle(), clock: .utc)
        let events = try [0, 1, 86_400].map { try JSONReader.value(of: SampleLines.call(at: $0)[...]) }
        let lines = events.map { renderer.lines(for: $0) }.joined().split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[0] == "-- 2026-11-21 --")
        #expect(lines[3] == "-- 2026-11-22 --")
    }

    @Test func nothingFromOutsideReachesTheTerminalRaw() throws {
        let hostile = "\u{1B}]0;x\u{7}\u{9B}2J"
        let bytes = SampleLines.call(.callSummary, state: .ended) {
            $0.remote = Party(raw: hostile, kind: .unknown, name: hostile)
            $0.local = Party(raw: hostile, kind: .unknown)
            $0.queue = QueueStay(name: hostile, agent: hostile)
            $0.cause = Cause(code: hostile, by: .unknown)
            $0.outcome = .failed
        }
        let text = try line(bytes)
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
    }
}
