import Foundation
import Testing

/// A call that another program placed, followed to its end because somebody told us its id.
@Suite(.timeLimit(.minutes(2))) struct TrackTests {
    @Test func aCallOfAnotherProgramIsFollowedAndEnded() async throws {
        let (simulator, port) = try await Site.startSimulator()
        let site = try Site(simulatorPort: port)
        let daemon = try await site.start()
        let login = Data("agent@example.nl:\(Site.password)".utf8).base64EncodedString()
        let placed = try PlainHTTP.request(
            "POST", .port(port), "/voipgrid/api/clicktodial/",
            headers: ["Content-Type: application/json", "Authorization: Basic \(login)"],
            body: #"{"b_number":"+33639980001"}"#)
        try #require((200..<300).contains(placed.status), "\(placed.body)")
        let callid = try #require(
            (try JSONSerialization.jsonObject(with: Data(placed.body.utf8)) as? [String: Any])?["callid"] as? String)

        func run(_ arguments: [String]) async throws -> (code: Int32?, line: String) {
            let client = try Program(
                "ctibridge", arguments + ["--socket", "\(site.directory)/run/api.sock"])
            return (await client.exitCode(), client.lines.first ?? client.errors)
        }
        let tracked = try await run(["track", "--source", "sales", callid])
        #expect(tracked.code == 0, "\(tracked.line)")
        #expect(try await eventually { try site.events().contains { $0.type == "call.ringing" } })
        let call = try #require(try site.events().first { $0.type.hasPrefix("call.") }?.subject)
        #expect(tracked.line.contains(call))
        // The same again is the same call.
        #expect(try await run(["track", "--source", "sales", callid]).line.contains(call))
        let hungUp = try await run(["hangup", call])
        #expect(hungUp.code == 0, "\(hungUp.line)")
        #expect(try await eventually { try site.events().contains { $0.type == "call.summary" } })
        #expect(Set(try site.events().filter { $0.type.hasPrefix("call.") }.map(\.subject)) == [call])
        let strange = try await run(["track", "--source", "desk", callid])
        #expect(strange.code != 0 && strange.line.contains("ctibridge: "), "\(strange.line)")
        _ = (simulator, daemon)
    }
}
