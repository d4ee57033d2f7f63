import Foundation
import Testing

/// How far a provider's clock is off, for people to see: `docs/events.md`, section 6.
@Suite struct ClockSkewTests {
    /// A minute and a half ahead, told by as many notifications as it takes.
    @Test func theSkewOfASourceIsInTheAPIAndInTheMetrics() async throws {
        let site = try Site()
        let daemon = try await site.start()
        func skew(of name: String) throws -> Int? {
            let reply = try PlainHTTP.get(site.api, "/v1/sources")
            let json = try JSONSerialization.jsonObject(with: Data(reply.body.utf8)) as? [String: Any]
            let sources = json?["sources"] as? [[String: Any]] ?? []
            return sources.first { $0["source"] as? String == name }?["clock_skew_ms"] as? Int
        }
        func metric(of name: String) throws -> Double? {
            let lines = try PlainHTTP.get(site.api, "/metrics").body.split(separator: "\n")
            let prefix = "ctibridge_source_clock_skew_seconds{source=\"\(name)\"} "
            return lines.first { $0.hasPrefix(prefix) }.flatMap { Double($0.dropFirst(prefix.count)) }
        }
        for call in 1...5 {
            #expect(try skew(of: "keyyo/desk") == nil)
            let time = Int64(Date().timeIntervalSince1970 * 1_000) + 90_000
            let query = "account=33199000021&caller=33639980001&callee=33199000021&type=SETUP"
            #expect(try site.notify("\(query)&callref=c\(call)&tsms=\(time)") == 200)
        }
        // The way here, on a busy machine, takes its part.
        let ahead = try #require(try skew(of: "keyyo/desk"))
        #expect(80_000...90_000 ~= ahead, "\(ahead)")
        let seconds = try #require(try metric(of: "keyyo/desk"))
        #expect(abs(seconds * 1_000 - Double(ahead)) < 1, "\(seconds)")
        // Nothing is known of a clock that told no time.
        #expect(try skew(of: "ovh/paris") == nil)
        #expect(try metric(of: "ovh/paris") == nil)
        _ = daemon
    }
}
