import Testing

@testable import ProviderSimulator

@Suite struct TextTests {
    /// The provider's samples, digit by digit.
    @Test(
        arguments: [
            (1_425_554_670_255_954_700, "2015-03-05T12:24:30.255954 (CET)"),
            (1_559_904_796_000_000_000, "2019-06-07T12:53:16.000000 (CEST)"),
            (1_564_687_685_642_000_000, "2019-08-01T21:28:05.642000 (CEST)"),
            // The two changes of 2026: 29 March and 25 October, 01:00 UTC.
            (1_774_745_999_000_000_000, "2026-03-29T01:59:59.000000 (CET)"),
            (1_774_746_000_000_000_000, "2026-03-29T03:00:00.000000 (CEST)"),
            (1_792_889_999_000_000_000, "2026-10-25T02:59:59.000000 (CEST)"),
            (1_792_890_000_000_000_000, "2026-10-25T02:00:00.000000 (CET)"),
        ] as [(Int64, String)])
    func writesOVHDate(_ nanoseconds: Int64, _ text: String) {
        #expect(WallTime(nanoseconds: nanoseconds).ovhDate == text)
    }

    @Test func writesOtherTimes() {
        #expect(WallTime(nanoseconds: 1_425_554_670_102_999_999).decimalSeconds == "1425554670.102")
        let session = WallTime(nanoseconds: 1_559_900_416_036_508_950)
        #expect(session.ovhSessionTime == "2019-06-07T11:40:16.03650895+02:00")
        #expect(session.utc == "2019-06-07T09:40:16.036Z")
        #expect(session.voipgridCreated == "2019-06-07T11:40:16")
    }

    @Test func percentText() {
        #expect(PercentText.encode("a+b é/=") == "a%2Bb%20%C3%A9%2F%3D")
        #expect(PercentText.decode("a%2Bb+c", plusIsBlank: true) == "a+b c")
        for broken in ["%", "%4", "%zz", "%ff"] { #expect(PercentText.decode(broken, plusIsBlank: false) == nil) }
    }

    @Test(arguments: ["127.0.0.1:8490", "localhost:1", "[::1]:65535", "127.9.9.9:0"])
    func acceptsLoopback(_ text: String) throws {
        #expect(try LoopbackAddress(text).description == text)
    }

    @Test(arguments: ["8.8.8.8:1", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1.evil.example:1", ":1", ""])
    func refusesOtherAddresses(_ text: String) {
        #expect(throws: SimulatorError.self) { try LoopbackAddress(text) }
    }

    @Test func masks() {
        #expect(masked("+33639980001") == "+336…01")
        #expect(masked(token: "ABCDEFAB-CDEF") == "…CDEF")
    }
}
