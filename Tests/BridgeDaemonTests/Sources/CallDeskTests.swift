import BridgeDaemon
import Testing

/// What becomes of a request for a call before any provider is asked. Nobody listens where the providers should be.
@Suite("The desk that places calls", .timeLimit(.minutes(1))) struct CallDeskTests {
    private static let configuration = """
        country: FR
        stdout: never
        sources:
          - {name: sales, provider: voipgrid, username: a@example.nl, password: {value: "a password"}, \
        url: "http://127.0.0.1:1"}
          - {name: desk, provider: keyyo, account: "33199000021", secret: {value: "0123456789-desk-hook"}, \
        url: "http://127.0.0.1:1"}
        webhooks: {listen: "127.0.0.1:0"}
        """

    @Test func aNumberThatWouldReachSomebodyElseIsRefused() async throws {
        try await BridgeUnderTest.run(Self.configuration, providers: .shipped) { daemon in
            for source in ["sales", "desk"] {
                for number in ["(0)", "0", "+33 06 39 98 00 01", "0639980001 / 0639980002", "nobody"] {
                    let reply = try await daemon.placeCall(#"{"source":"\#(source)","to":"\#(number)"}"#)
                    #expect(reply.status == 422, "\(source) \(number)")
                    #expect(reply.text.contains("invalid-call") && !reply.text.contains("39"), "\(reply.text)")
                }
                let from = try await daemon.placeCall(#"{"source":"\#(source)","to":"0639980001","from":"(0)"}"#)
                #expect(from.status == 422 && from.text.contains(#"\"from\""#))
                let good = try await daemon.placeCall(#"{"source":"\#(source)","to":"+33 (0)6 39 98 00 01"}"#)
                #expect(good.status == 502, "\(good.text)")
            }
        }
    }
}
