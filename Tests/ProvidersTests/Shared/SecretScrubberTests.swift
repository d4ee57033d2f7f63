import CallModel
import FoundationEssentials
import Providers
import Testing

struct SecretScrubberTests {
    private let secret = "p/ss wörd+=?"

    private func scrubbed(_ text: String, fields: [String] = []) -> String {
        SecretScrubber(secrets: [Redacted(secret)], fields: fields).scrub(text)
    }

    @Test func aSecretIsFoundInEveryForm() {
        let encoded = percentEncoded(secret)
        let base64 = Data(secret.utf8).base64EncodedString()
        for form in [
            secret, encoded,
            encoded.replacing("%C3%B6", with: "%c3%b6").replacing("%2F", with: "%2f")
                .replacing("%2B", with: "%2b").replacing("%3D", with: "%3d").replacing("%3F", with: "%3f"), base64,
        ] {
            let text = scrubbed("before \(form) between \(form) after")
            #expect(text == "before [redacted] between [redacted] after")
        }
    }

    @Test func whatHoldsNoSecretIsUntouched() {
        let bytes = Array("{\"a\": 1}".utf8) + [0xFF, 0x00]
        #expect(SecretScrubber(secrets: [Redacted(secret)], fields: ["Token"]).scrub(bytes) == bytes)
        #expect(SecretScrubber(secrets: [Redacted("")]).scrub("abc") == "abc")
        #expect(SecretScrubber(secrets: [Redacted("abc")]).scrub("") == "")
    }

    @Test func aSecretWithinAnotherGoesWhole() {
        let scrubber = SecretScrubber(secrets: [Redacted("abc"), Redacted("abcdef")])
        #expect(scrubber.scrub("abcdef abc") == "[redacted] [redacted]")
    }

    @Test func secretsSideBySideAndAtTheEdges() {
        #expect(SecretScrubber(secrets: [Redacted("aa")]).scrub("aaaaa") == "[redacted][redacted]a")
        #expect(SecretScrubber(secrets: [Redacted("aa")]).scrub("a") == "a")
    }

    @Test(arguments: [
        (#"{"Token":"x","a":"b"}"#, #"{"Token":"[redacted]","a":"b"}"#),
        (#"{"token" : "x"}"#, #"{"token" : "[redacted]"}"#),
        ("{\"TOKEN\"\n:\t\"x\"}", "{\"TOKEN\"\n:\t\"[redacted]\"}"),
        (#"[{"Token":"x"},{"Token":""}]"#, #"[{"Token":"[redacted]"},{"Token":"[redacted]"}]"#),
        (#"{"Token":"a\"b\\","c":"d"}"#, #"{"Token":"[redacted]","c":"d"}"#),
        (#"{"Token":"cut off"#, #"{"Token":"[redacted]"#), (#"{"Token":"cut \"#, #"{"Token":"[redacted]"#),
        (#"{"Tokens":"x","Toke":"y","a":"Token"}"#, #"{"Tokens":"x","Toke":"y","a":"Token"}"#),
        (#"{"Token":null}"#, #"{"Token":null}"#), (#"{"Token"}"#, #"{"Token"}"#), (#""Token""#, #""Token""#),
    ])
    func aFieldIsEmptiedWhateverItsValue(_ text: String, _ expected: String) {
        #expect(scrubbed(text, fields: ["Token"]) == expected)
    }

    @Test func whatWasJSONStaysJSON() {
        let body = #"{"Session":"s","Events":[{"Event":"x","Token":"ABCD","Data":{"Note":"ABCD and \#(secret)"}}]}"#
        let scrubbed = SecretScrubber(secrets: [Redacted("ABCD"), Redacted(secret)], fields: OVHSession.secretFields)
            .scrub(Array(body.utf8))
        #expect(JSONValue.read(scrubbed)?.object?["Events"] != nil)
        let text = String(decoding: scrubbed, as: UTF8.self)
        #expect(!text.contains("ABCD"))
        #expect(!text.contains(secret))
    }

    @Test func theClientsAddressIsTakenOut() {
        let scrubber = SecretScrubber(secrets: [], fields: VoIPGRIDRequests.secretFields)
        #expect(scrubber.scrub(#"{"originating_ip": "192.0.2.1"}"#) == #"{"originating_ip": "[redacted]"}"#)
    }

    @Test(.timeLimit(.minutes(1)))
    func hostileBodiesEnd() {
        let scrubber = SecretScrubber(secrets: [Redacted("aaaaaaaab")], fields: ["Token"])
        for filling in ["a", "\"", "\"Token\"", "\"Token\":", "\\"] {
            let body = String(repeating: filling, count: (1 << 18) / filling.utf8.count)
            _ = scrubber.scrub(Array(body.utf8))
        }
    }
}
