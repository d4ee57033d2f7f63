import CallModel
import Providers
import Testing

/// When a call needs to be asked about no longer.
struct VoIPGRIDStatusTests {
    private func reply(_ status: String, code: Int = 200) -> HTTPReply {
        HTTPReply(status: code, body: Array(#"{"status":\#(status)}"#.utf8))
    }

    @Test(arguments: [#""disconnected""#, #""failed_a""#, #""failing_a""#, #""Failed_B""#, #""BLACKLISTED""#])
    func theEndHowEverItIsSpelled(_ word: String) {
        #expect(VoIPGRIDStatus.isEnd(reply(word)))
    }

    @Test(arguments: ["null", #""""#, #""connected""#, #""dialing_b""#, #""hung up""#, "7"])
    func whatIsNoEnd(_ word: String) {
        #expect(!VoIPGRIDStatus.isEnd(reply(word)))
    }

    @Test func anIdThatIsNotKnownAnyMore() {
        #expect(VoIPGRIDStatus.isEnd(reply("null", code: 404)))
        #expect(!VoIPGRIDStatus.isEnd(reply("null", code: 500)))
    }
}
