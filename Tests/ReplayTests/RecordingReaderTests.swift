import CallModel
import Replay
import Testing

/// What is not a recording is refused by its line.
struct RecordingReaderTests {
    @Test(arguments: [
        (#"{"at":0,"source":"keyyo","kind":"webhook"}"#, "source"),
        (#"{"at":0,"source":"nobody/x","kind":"webhook"}"#, "no provider"),
        (#"{"at":-1,"source":"keyyo/x","kind":"webhook"}"#, "at"),
        (#"{"at":"yesterday","source":"keyyo/x","kind":"webhook"}"#, "RFC 3339"),
        (#"{"at":0,"source":"keyyo/x","kind":"letter"}"#, "kind"),
        (#"{"at":0,"source":"keyyo/x","kind":"webhook","extra":1}"#, "extra"),
        (#"{"at":0,"source":"keyyo/x","kind":"webhook","body_base64":"%"}"#, "base64"),
        (#"{"source":"keyyo/x","settings":{"country":"XX"}}"#, "country"),
        (#"{"source":"keyyo/x","settings":{"registrations":true}}"#, "setting"),
        (#"{"source":"keyyo/x","settings":{"parameters":{"_NOPE_":"a"}}}"#, "keyword"),
        (#"{"recording":2}"#, "version"),
        (#"{"recording":1,"model":{"nope_ms":1}}"#, "limit"),
        ("not JSON", "JSON"),
        (#"{"at":"9999-06-01T00:00:00Z","source":"keyyo/x","kind":"webhook"}"#, "past 9999"),
        (#"{"at":252000000000000,"source":"keyyo/x","kind":"webhook"}"#, "past 9999"),
    ])
    func refuses(_ line: String, _ word: String) {
        #expect {
            try RecordingReader.read(Array("\n\(line)\n".utf8))
        } throws: { error in
            let fault = error as? RecordingFault
            return fault?.line == 2 && fault?.message.contains(word) == true
        }
    }

    @Test func keepsBytesThatAreNoText() throws {
        let delivery = Delivery(
            source: SourceName(provider: "sfr-dmc", name: "a"), observed: Recording.start, kind: .webhook,
            body: [0xFF, 0x00, 0x0A], attributes: ["query": "", "method": "POST"])
        let read = try RecordingReader.read(RecordingWriter.line(delivery))
        #expect(read.deliveries == [delivery])
    }

    /// Two recordings in one file, of which the first has nothing in it.
    @Test func holdsOneRecording() {
        #expect(throws: RecordingFault.self) {
            try RecordingReader.read(Array("{\"recording\":1}\n{\"recording\":1}\n".utf8))
        }
    }

    /// However long the model waits, every call has its summary.
    @Test func everyCallHasItsSummary() throws {
        let text = """
            {"recording":1,"model":{"max_connected_ms":604800000}}
            {"at":0,"source":"keyyo/a","kind":"webhook","attributes":{"query":"account=33199000021&caller=33639980078\
            &callee=33199000021&type=CONNECT&callref=a"}}
            """
        let told = Replayer.events(of: try RecordingReader.read(Array(text.utf8))).map(\.type)
        #expect(told == [.callConnected, .callEnded, .callSummary])
    }

    @Test func keepsTheLimitsOfTheModel() throws {
        var limits = TrackerLimits()
        limits.settle = .milliseconds(250)
        #expect(try RecordingReader.read(RecordingWriter.header(limits)).limits == limits)
    }
}
