import Foundation
import Testing

/// `capture`, `replay` and `explain` against the real daemon.
@Suite struct RecordingTests {
    private static let call = "account=33199000021&caller=33639980001&callee=33199000021"

    @Test func whatIsCapturedReplaysToWhatWasTold() async throws {
        let site = try Site()
        let daemon = try await site.start()
        for (type, reference) in [
            ("SETUP", "a"), ("CONNECT", "a"), ("SETUP", "b"), ("RELEASE", "a"), ("RELEASE", "b"),
        ] {
            #expect(try site.notify("\(Self.call)&type=\(type)&callref=\(reference)") == 200)
        }
        #expect(await eventually { (try? summaries(site)) == 2 })
        let told = try site.events().filter { $0.type.hasPrefix("call.") }

        let file = "\(site.directory)/calls.jsonl"
        let capture = try await run(site, ["capture", "--out", file])
        #expect(capture.code == 0, "\(capture.errors)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        for secret in [Site.hookSecret, Site.token, Site.password] { #expect(!text.contains(secret)) }
        // Nothing that was captured before is overwritten.
        #expect(try await run(site, ["capture", "--out", file]).code == 74)

        let replay = try await run(nil, ["replay", file, "--json"])
        #expect(replay.code == 0, "\(replay.errors)")
        let again = Line.read(replay.lines).filter { $0.type.hasPrefix("call.") }
        #expect(again.map(withoutPlace) == told.map(withoutPlace))
        #expect(try await run(nil, ["replay", file, "--json"]).lines == replay.lines)

        let hidden = "\(site.directory)/hidden.jsonl"
        #expect(try await run(site, ["capture", "--out", hidden, "--anonymise"]).code == 0)
        #expect(try !String(contentsOfFile: hidden, encoding: .utf8).contains("639980001"))
        let outcomes = Line.read(try await run(nil, ["replay", hidden, "--json"]).lines).filter {
            $0.type == "call.summary"
        }.compactMap(\.outcome)
        #expect(outcomes.sorted() == ["answered", "missed"])

        let one = try #require(told.first { $0.outcome == "missed" }?.subject)
        #expect(try await run(site, ["capture", "--out", "\(site.directory)/one.jsonl", "--call", one]).code == 0)
        let alone = Line.read(try await run(nil, ["replay", "\(site.directory)/one.jsonl", "--json"]).lines)
        #expect(
            alone.filter { $0.type.hasPrefix("call.") }.map(withoutPlace)
                == told.filter { $0.subject == one }.map(withoutPlace))
        #expect(try await run(site, ["capture", "--out", "-", "--call", "c-nobody"]).code == 1)
        _ = daemon
    }

    /// Pollers keep what they were answered like webhooks do: OVH's long poll, VoIPGRID's order and status polls.
    @Test func whatWasPolledReplaysToWhatWasTold() async throws {
        let (simulator, port) = try await Site.startSimulator([
            "--voipgrid-password", Site.password, "--voipgrid-user", "agent@example.nl",
        ])
        let site = try Site(simulatorPort: port)
        let daemon = try await site.start()
        for event in ["start_ringing", "start_calling", "end_calling"] {
            let reply = try PlainHTTP.request(
                "POST", .port(port), "/control/event",
                body: """
                    {"at":0,"ovh":{"event":"\(event)","line":"0033199000001","calling":"0033639980001",\
                    "called":"0033199000001","call":"one"}}
                    """)
            #expect((200..<300).contains(reply.status), "\(reply.body)")
        }
        let order = try PlainHTTP.request(
            "POST", site.api, "/v1/calls", headers: ["Content-Type: application/json", "Idempotency-Key: k1"],
            body: #"{"source":"sales","to":"+33639980077"}"#)
        #expect(order.status == 202, "\(order.body)")
        #expect(await eventually(within: 60) { (try? summaries(site)) == 2 })
        let told = try site.events().filter { $0.type.hasPrefix("call.") }

        let file = "\(site.directory)/polled.jsonl"
        #expect(try await run(site, ["capture", "--out", file]).code == 0)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        for kind in ["poll", "placement", "status"] { #expect(text.contains(#""kind":"\#(kind)""#), "\(kind)") }
        for secret in [Site.token, Site.password] { #expect(!text.contains(secret)) }
        let again = Line.read(try await run(nil, ["replay", file, "--json"]).lines).filter {
            $0.type.hasPrefix("call.")
        }
        #expect(again.map(withoutPlace).sorted() == told.map(withoutPlace).sorted())
        #expect(try await run(site, ["capture", "--out", "\(file).hidden", "--anonymise"]).code == 0)
        _ = (simulator, daemon)
    }

    @Test func aRecordingThatIsNotWholeHasNoName() async throws {
        let site = try Site()
        let daemon = try await site.start()
        let file = "\(site.directory)/none.jsonl"
        let nothing = try await run(site, ["capture", "--out", file, "--since", "2099-01-01T00:00:00Z"])
        #expect(nothing.code == 1 && nothing.errors.contains("no recording was written"), "\(nothing.errors)")
        #expect(try await run(site, ["capture", "--out", file, "--call", "nobody"]).code == 1)
        #expect(!FileManager.default.fileExists(atPath: file))
        // Nor does it leave anything else beside it.
        let names = try FileManager.default.contentsOfDirectory(atPath: site.directory)
        #expect(!names.contains { $0.hasPrefix("none") }, "\(names)")
        // The name is free for one that is.
        #expect(try await run(site, ["capture", "--out", file]).code == 0)
        #expect(FileManager.default.fileExists(atPath: file))
        try Data().write(to: URL(filePath: "\(site.directory)/empty"))
        #expect(try await run(nil, ["replay", "\(site.directory)/empty"]).code == 65)
        _ = daemon
    }

    @Test func mistakesInARecordingNameTheirLine() async throws {
        let site = try Site()
        let file = "\(site.directory)/bad.jsonl"
        try Data("{\"at\": 0, \"source\": \"keyyo/a\", \"kind\": \"webhook\"}\n{\"at\": 1}\n".utf8)
            .write(to: URL(filePath: file))
        let replay = try await run(nil, ["replay", file])
        #expect(replay.code == 65)
        #expect(replay.errors.contains("\(file):2: "), "\(replay.errors)")
        #expect(try await run(nil, ["replay", "/nowhere/file"]).code == 66)
    }

    @Test func aMissedCallIsExplained() async throws {
        let site = try Site()
        let daemon = try await site.start()
        let reader = try Program(
            "ctibridge",
            ["tail", "--json", "--types", "call.summary", "--socket", "\(site.directory)/run/api.sock"])
        #expect(await eventually { (try? PlainHTTP.get(site.api, "/v1/subscribers").body.contains("uid")) ?? false })
        for type in ["SETUP", "SETUP", "RELEASE"] {
            #expect(try site.notify("\(Self.call)&type=\(type)&callref=a") == 200)
        }
        #expect(await eventually { Line.read(reader.lines).count == 1 })
        let id = try #require(Line.read(reader.lines).first?.subject)
        let explain = try await run(site, ["explain", id])
        #expect(explain.code == 0, "\(explain.errors)")
        let text = explain.lines.joined(separator: "\n")
        for word in ["missed", "SETUP", "opened", "reached (ringing)", "settled", "a deadline", "call.summary #"] {
            #expect(text.contains(word), "\(word):\n\(text)")
        }
        #expect(text.contains("sent 1 of"), "\(text)")
        #expect(text.contains("its filter excludes"), "\(text)")

        let json = try await run(site, ["explain", id, "--json"]).lines.joined()
        let root = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let explanation = try #require(root["explanation"] as? [String: Any])
        #expect(explanation["basis"] as? String == "replayed")
        #expect(explanation["note"] == nil)

        // Who has gone is still known after a restart.
        reader.signal(SIGINT)
        _ = await reader.exitCode()
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode() == 0)
        let second = try await site.start()
        let later = try await run(site, ["explain", id]).lines.joined(separator: "\n")
        #expect(later.contains("sent 1 of"), "\(later)")
        #expect(try await run(site, ["explain", "c-nobody"]).code == 1)
        second.signal(SIGTERM)
        #expect(await second.exitCode() == 0)
        #expect(try await run(site, ["explain", id]).code == 69)
    }

    @Test func aTransferIsExplained() async throws {
        let site = try Site()
        let daemon = try await site.start()
        for query in [
            "type=SETUP&callref=a&dref=d1", "type=CONNECT&callref=a&dref=d1",
            "type=SETUP&callref=b&dref=d2&drefreplace=d1", "type=CONNECT&callref=b&dref=d2&drefreplace=d1",
            "type=RELEASE&callref=a&dref=d1", "type=RELEASE&callref=b&dref=d2",
        ] {
            #expect(try site.notify("\(Self.call)&\(query)") == 200)
        }
        #expect(await eventually { (try? summaries(site)) == 2 })
        let first = try #require(try site.events().first { $0.type == "call.ringing" }?.subject)
        let text = try await run(site, ["explain", first]).lines.joined(separator: "\n")
        #expect(text.contains("replaced"), "\(text)")
        #expect(text.contains("transferred"), "\(text)")
        _ = daemon
    }

    private func summaries(_ site: Site) throws -> Int {
        try site.events().filter { $0.type == "call.summary" }.count
    }

    /// A line without its place in one journal.
    private func withoutPlace(_ line: Line) -> String {
        line.text.replacing(/"seq":[0-9]+,"epoch":"[0-9a-f]+"/, with: "")
    }

    private func run(
        _ site: Site?, _ arguments: [String]
    ) async throws -> (code: Int32?, lines: [String], errors: String) {
        let socket = site.map { ["--socket", "\($0.directory)/run/api.sock"] } ?? []
        let program = try Program("ctibridge", arguments + socket)
        let code = await program.exitCode()
        // The pipes are read on threads of their own: what is complete does not grow.
        var count = -1
        while program.lines.count != count {
            count = program.lines.count
            try await Task.sleep(for: .milliseconds(100))
        }
        return (code, program.lines, program.errors)
    }
}
