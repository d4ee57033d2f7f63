import Testing

@testable import ProviderSimulator

@Suite struct ScenarioReaderTests {
    @Test func readsEveryKindOfLine() throws {
        let text = """
            {"at":0,"ovh":{"event":"start_ringing","line":"0033199000001","data":{"Dialed":null}}}

            {"at":5,"ovh":{"event":"members-count","queue":"0033199000010","count":1}}
            {"at":5,"keyyo":{"account":"33199000021","caller":"a","callee":"b","type":"SETUP"}}
            {"at":6,"voipgrid":{"b_number":"+33639980040","status":[{"after":0,"status":null},{"after":9}]}}
            {"at":7,"fault":{"provider":"ovh","kind":"session-loss"}}
            {"at":8,"note":"end"}
            """
        let scenario = try ScenarioReader.read(text, file: "/tmp/x/all.jsonl")
        #expect(scenario.name == "all.jsonl")
        #expect(scenario.lines.map(\.at) == [0, 5, 5, 6, 7, 8])
    }

    /// As editors on Windows write them.
    @Test func linesMayEndWithCarriageReturns() throws {
        let text = "{\"at\":0,\"note\":\"a\"}\r\n\r\n{\"at\":1,\"note\":\"b\"}\r\n"
        #expect(try ScenarioReader.read(text, file: "x.jsonl").lines.map(\.at) == [0, 1])
        let failure = #expect(throws: ScenarioErrors.self) {
            try ScenarioReader.read("{\"at\":0,\"note\":\"a\"}\r\n{\r\n", file: "x.jsonl")
        }
        #expect(failure?.errors.map(\.line) == [2])
    }

    @Test(arguments: [
        (#"{"at":1}"#, #"a line has "at" and exactly one of ovh, keyyo, voipgrid, sfr-dmc, orange, fault, note"#),
        (#"{"at":-1,"note":"x"}"#, #""at" of the line must be a whole number from 0 to 86400000, not -1"#),
        (#"{"at":1.5,"note":"x"}"#, #""at" of the line must be a whole number from 0 to 86400000, not 1.5"#),
        (#"{"at":"1","note":"x"}"#, #""at" of the line must be a whole number from 0 to 86400000, not text"#),
        (
            #"{"note":"x","nota":"y"}"#,
            #"unknown key "nota" in the line; it knows at, ovh, keyyo, voipgrid, sfr-dmc, orange, fault, note"#
        ),
        (#"{"note":1}"#, #""note" of the line must be text in quotes, not a number"#),
        (#"["note"]"#, "the line must be an object, not a list"),
        (#"{"ovh":{"event":"a"}}"#, #""ovh" needs either "line" (a line's event) or "queue" (a queue's event)"#),
        (#"{"ovh":{"line":"1"}}"#, #""ovh" needs "event""#),
        (#"{"ovh":{"event":"a","line":33199000001}}"#, #""line" of "ovh" must be text in quotes, not a number"#),
        (
            #"{"ovh":{"event":"agent-offering","queue":"1","member":"m"}}"#,
            #""agent-offering" needs "agent", the agent's number"#
        ),
        (#"{"ovh":{"event":"members-count","queue":"1"}}"#, #""members-count" needs "count""#),
        (
            #"{"keyyo":{"account":"1","caller":"1","callee":"2","type":"SETUP","unreplaced":["X"]}}"#,
            #""unreplaced" knows no keyword "X"; write it as _CALLREF_"#
        ),
        (#"{"voipgrid":{}}"#, #""voipgrid" needs either "end" or "status""#),
        (
            #"{"voipgrid":{"status":[{"after":5},{"after":4}]}}"#,
            #""status" of "voipgrid" needs steps whose "after" never goes back"#
        ),
        (
            #"{"fault":{"provider":"ovh","kind":"delay","value":-5}}"#,
            #""value" of "fault" must be a whole number from 0 to 600000, not -5"#
        ),
        (#"{"fault":{"provider":"keyyo","kind":"session-loss"}}"#, #"only "ovh" has sessions to lose"#),
        (
            #"{"fault":{"provider":"ovh","kind":"status","headers":{"A\r\nB":"x"}}}"#,
            #""headers" are names and texts of printable characters"#
        ),
        (
            #"{"fault":{"provider":"ovh","kind":"cut","push":true}}"#,
            #""ovh" sends nothing by itself: leave "push" out"#
        ),
        (
            #"{"fault":{"provider":"sfr-dmc","kind":"cut","push":false}}"#,
            #""sfr-dmc" receives nothing: leave "push" out"#
        ),
        (
            #"{"fault":{"provider":"sfr-dmc","kind":"status"}}"#,
            #"a push can have a delay, cut, garbage, half-open or huge, not "status""#
        ),
        (#"{"sfr-dmc":{"to":"+33639980041"}}"#, #""sfr-dmc" needs "status""#),
        (#"{"sfr-dmc":{"medium":"a b","status":"SENT"}}"#, #""medium" must be a word of a-z, 0-9 and _"#),
        (
            #"{"sfr-dmc":{"status":"SENT","history":"all"}}"#,
            #""history" must be newest, cumulative, none or a list of entries"#
        ),
        (#"{"sfr-dmc":{"status":"SENT","data":{"x":[]}}}"#, #""data" of a report takes texts, numbers and null only"#),
        (
            #"{"voipgrid":{"event":"created","caller":"+33639980031"}}"#,
            #"a call notification of "voipgrid" needs "caller" and "destination""#
        ),
        (#"{"orange":{"to":"20345"}}"#, #""orange" needs one of "answer", "sms", "mms", "query""#),
        (#"{"orange":{"query":"a b"}}"#, #""query" of "orange" is sent as it is: printable characters without blanks"#),
        (
            #"{"orange":{"answer":"createCall","states":[]}}"#,
            #""states" and "extra" belong to "conferenceCall""#
        ),
        (
            #"{"orange":{"answer":"addCaller","number":"33639980051"}}"#,
            #""number" belongs to createCall, conferenceCall and sendSMS"#
        ),
        ("{", "a name in quotes is missing (column 2)"),
    ])
    func saysWhatIsWrong(_ line: String, _ message: String) {
        let error = ScenarioError(file: "f.jsonl", line: 3, message: message)
        #expect(throws: ScenarioErrors(errors: [error])) {
            try ScenarioReader.read("\n{\"note\":\"fine\"}\n\(line)\n", file: "f.jsonl")
        }
        #expect(error.description == "f.jsonl:3: \(message)")
    }

    @Test func tellsAllMistakesAtOnce() {
        let text = "{\"at\":5,\"note\":\"a\"}\n{\"at\":4,\"note\":\"b\"}\nx\n"
        #expect {
            try ScenarioReader.read(text, file: "f")
        } throws: { error in
            "\(error)" == "f:2: \"at\" 4 is earlier than 5 of a line above\nf:3: not a JSON value (column 1)"
        }
    }

    @Test func refusesAnEmptyFile() {
        #expect(throws: ScenarioErrors.self) { try ScenarioReader.read("\n \n", file: "f") }
    }

    @Test func unreadableFile() {
        #expect(throws: SimulatorError.self) { try ScenarioReader.read(path: "/nonexistent/x.jsonl") }
    }
}
