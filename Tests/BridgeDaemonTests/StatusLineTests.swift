import Testing

@testable import BridgeDaemon

/// The line of `systemctl status`.
struct StatusLineTests {
    @Test func oneIsNotSeveral() {
        #expect(StatusLine(sources: 1, down: 0, calls: 1).text == "1 source, 1 call")
        #expect(StatusLine(sources: 2, down: 1, calls: 0).text == "2 sources, 1 down, 0 calls")
    }

    @Test func whatTheReloadLeftToSayDoesNotHideTheRest() {
        let line = StatusLine(sources: 0, down: 0, calls: 12, remark: "running with the old configuration")
        #expect(line.text == "0 sources, 12 calls; running with the old configuration")
    }
}
