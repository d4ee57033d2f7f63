import BridgeClient
import CallModel
import Testing

@Suite struct TableTests {
    private let now = SampleLines.start.advanced(by: .seconds(185))

    private func call(_ json: String) throws -> JSONValue { try JSONReader.value(of: Array(json.utf8)[...]) }

    @Test func liveCalls() throws {
        let calls = [
            try call(
                """
                {"id":"c-1","source":"ovh/paris","state":"connected","direction":"inbound","remote":\
                {"number":"+33639980001","name":"Zoé"},"local":{"number":"+33199000010"},"times":\
                {"ringing":"2026-11-21T09:29:00Z","connected":"2026-11-21T09:30:00.125Z"},"basis":"reported"}
                """),
            try call(#"{"id":"c-22","source":"keyyo/x","state":"ringing","direction":"outbound","basis":"inferred"}"#),
        ]
        #expect(
            CallTable(style: TerminalStyle(), clock: .utc).lines(calls, now: now) == [
                "STATE      DIR  REMOTE              LOCAL         FOR    SOURCE     ID",
                "connected  in   +33639980001 (Zoé)  +33199000010  3m05s  ovh/paris  c-1",
                "~ringing   out  -                   -             -      keyyo/x    c-22",
            ])
        let narrow = CallTable(style: TerminalStyle(colour: true), clock: .utc).lines(calls, now: now, columns: 20)
        #expect(narrow[1] == "\u{1B}[32mconnected\u{1B}[0m  in   +33…")
    }

    /// Open when the daemon started again, and not heard of since.
    @Test func staleCalls() throws {
        let stale = try call(
            #"{"id":"c-1","source":"keyyo/x","state":"ringing","direction":"inbound","stale":true,"basis":"reported"}"#)
        let lines = CallTable(style: TerminalStyle(), clock: .utc).lines([stale], now: now)
        #expect(lines.last?.hasPrefix("ringing (stale)  in ") == true, "\(lines)")
        let detail = CallDetail(style: TerminalStyle(), clock: .utc).text(stale)
        #expect(detail.contains("state      ringing (stale: not heard of since the daemon started)"), "\(detail)")
    }

    @Test func missedCalls() throws {
        let calls = [
            try call(
                """
                {"id":"c-1","source":"ovh/paris","state":"ended","direction":"inbound",\
                "remote":{"number":"+33639980001"},"local":{"raw":"10"},"times":{"started":"2026-11-20T18:00:00Z"},"outcome":"missed","ring_ms":21000}
                """)
        ]
        #expect(
            CallTable(style: TerminalStyle(), numbers: .masked, clock: .utc).missedLines(calls, now: now) == [
                "WHEN                 REMOTE        LOCAL  OUTCOME  WAITED  SOURCE     ID",
                "2026-11-20 18:00:00  +336******01  **     missed   21s     ovh/paris  c-1",
            ])
    }

    @Test func sourcesAndSubscribers() throws {
        let tables = StatusTables(style: TerminalStyle(), clock: .utc)
        let source = try call(
            """
            {"source":"ovh/paris","state":"down","since":"2026-11-21T09:30:00Z","last_error":"401\\u001b",\
            "last_error_at":"2026-11-21T09:29:58Z","counters":{"polls":9,"unparsed":3}}
            """)
        #expect(
            tables.sourceLines([source], now: now) == [
                "SOURCE     STATE  SINCE     LAST EVENT  UNPARSED  ERROR AT  LAST ERROR",
                "ovh/paris  down   09:30:00  -           3         09:29:58  401\\u001b",
            ])
        // On a narrow terminal what went wrong has lines of its own.
        let long = try call(
            """
            {"source":"ovh/paris","state":"down","since":"2026-11-21T09:30:00Z","last_error_at":"2026-11-21T09:29:58Z",\
            "last_error":"the provider refuses our line or SIP password"}
            """)
        #expect(
            tables.sourceLines([long], now: now, columns: 40) == [
                "SOURCE     STATE  SINCE     LAST EVENT",
                "ovh/paris  down   09:30:00  -         ",
                "    the provider refuses our line or SIP",
                "    password",
            ])
        #expect(tables.sourceLines([source], now: now, columns: 80).count == 2)
        #expect(
            TerminalText.wrapped("ab \(String(repeating: "x", count: 9)) c", to: 4) == ["ab", "xxxx", "xxxx", "x c"])
        #expect(TerminalText.wrapped("", to: 4) == [""])
        let reader = try call(
            """
            {"id":"7","socket":"/run/e.sock","uid":1000,"pid":4,"since":"2026-11-21T09:30:00Z","cursor":"e:5","lag":2,\
            "pending_bytes":0}
            """
        )
        #expect(
            tables.subscriberLines([reader], now: now) == [
                "ID  SOCKET       UID   PID  SINCE     CURSOR  LAG  PENDING",
                "7   /run/e.sock  1000  4    09:30:00  e:5     2    0",
            ])
        let cut = try call(#"{"id":"8","pending_bytes":9,"leaving":"slow"}"#)
        let both = tables.subscriberLines([reader, cut], now: now)
        #expect(
            both[0].hasSuffix("PENDING  LEAVING") && both[1].hasSuffix("2    0        -") && both[2].hasSuffix("slow"))
    }

    @Test func oneCallWithItsHistory() throws {
        let event = String(
            decoding: SampleLines.call(basis: .inferred(why: "first seen ringing")) {
                $0.provider = ProviderWords(event: "start_ringing")
            }.dropLast(), as: UTF8.self)
        let document = try call(
            """
            {"call":{"id":"c-1","source":"ovh/paris","state":"ended","outcome":"missed","direction":"inbound",\
            "remote":{"number":"+33639980001"},"times":{"started":"2026-11-21T09:30:00Z"},"ring_ms":3000},\
            "history":[{"seq":1,"event":\(event),"delivery":{"kind":"poll","attributes":{"status":"200"},\
            "text":"[1]"}},{"seq":2,"event":\(event),"delivery":{"same_as":1}}]}
            """)
        #expect(
            CallDetail(style: TerminalStyle(), clock: .utc, showsRaw: true).text(document) == """
                call       c-1
                source     ovh/paris
                state      ended
                outcome    missed
                direction  inbound
                remote     +33639980001
                started    2026-11-21 09:30:00.000
                rang       3s

                -- 2026-11-21 --
                09:30:00.125  ovh/paris        ~ringing      +33639980001 → +33199000010
                              concluded: first seen ringing
                              provider said: start_ringing
                              raw: poll status=200 [1]
                09:30:00.125  ovh/paris        ~ringing      +33639980001 → +33199000010
                              concluded: first seen ringing
                              provider said: start_ringing
                              raw: the same as of event 1

                """)
    }
}
