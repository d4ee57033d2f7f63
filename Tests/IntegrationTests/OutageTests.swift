import Foundation
import Testing

/// What goes on while the journal cannot be written, besides what is refused.
@Suite(.timeLimit(.minutes(2))) struct OutageTests {
    /// Sends notifications until the journal takes none any more.
    private func fill(_ site: Site) throws {
        let padding = String(repeating: "x", count: 50_000)
        for number in 1...80 {
            let query = "account=33199000021&caller=33639980021&callee=33199000021&type=SETUP&callref=\(number)"
            if try PlainHTTP.request(
                "POST", site.hooks, "/hooks/sfr-dmc/campaigns/another-secret-for-tests-02",
                headers: ["Content-Type: text/plain"], body: "\(query)\(padding)"
            ).status == 503 {
                return
            }
        }
        Issue.record("the journal took everything")
    }

    /// A source that is removed has something to say, which waits; nothing else does.
    @Test func aReloadAndAStopWaitForNoJournal() async throws {
        let site = try Site()
        try site.write("credentials/second", "another-secret-for-tests-02")
        let campaigns = "  - {name: campaigns, provider: sfr-dmc, secret: {credential: second}}"
        try site.writeConfiguration(extra: campaigns)
        let daemon = try await site.startWithLittleRoom()
        try fill(site)
        try site.writeConfiguration(ovh: "api: v1, max_backoff: 30s")
        daemon.signal(SIGHUP)
        #expect(await eventually { daemon.errors.contains("configuration reloaded") }, "\(daemon.errors)")
        let sources = try PlainHTTP.get(site.api, "/v1/sources").body
        #expect(!sources.contains("campaigns") && sources.contains("ovh/paris"), "\(sources)")
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 5) == 0)
        #expect(Line.read(daemon.lines).last?.type == "stream.bye")
        #expect(!FileManager.default.fileExists(atPath: "\(site.directory)/run/api.sock"))
    }

    /// Everything acknowledged is durable, so they need not wait for what is not.
    @Test(.enabled(if: FrozenThread.isPermitted, "this environment forbids ptrace"))
    func readersAreToldOfAStopAlsoWhereTheJournalHangs() async throws {
        let site = try Site()
        try site.writeConfiguration()
        let daemon = try await site.start()
        let frozen = try FrozenThread(of: daemon, named: "journal")
        daemon.signal(SIGTERM)
        let isTold = await eventually(within: 4) { daemon.lines.last?.contains("stream.bye") == true }
        #expect(isTold, "\(daemon.errors)")
        frozen.thaw()
        #expect(await daemon.exitCode(within: 5) == 0)
    }

    /// Who was not heard is told of a source that is gone, too: its readers are still there.
    @Test func whatWasRefusedOfASourceThatIsRemovedIsTold() async throws {
        let site = try Site()
        try site.write("credentials/second", "another-secret-for-tests-02")
        try site.writeConfiguration(extra: "  - {name: campaigns, provider: sfr-dmc, secret: {credential: second}}")
        let daemon = try await site.startWithLittleRoom()
        try fill(site)
        try site.writeConfiguration()
        daemon.signal(SIGHUP)
        #expect(await eventually { daemon.errors.contains("configuration reloaded") }, "\(daemon.errors)")
        try await Site.makeRoom(for: daemon)
        let isTold = try await eventually(within: 40) {
            try site.events().contains {
                $0.source == "sfr-dmc/campaigns" && $0.type == "source.gap" && $0.text.contains("were refused")
            }
        }
        #expect(isTold, "\(daemon.errors)")
    }

    /// Version 2 gives a reply once: what is held when its source is changed is gone.
    @Test func whatAPollHeldWhenItsSourceWasChangedIsAGap() async throws {
        let provider = try FaultyProvider(hold: 0.5)
        provider.serve()
        let site = try Site()
        func configure(_ backoff: String) throws {
            try site.write(
                "ctibridge.yaml",
                """
                country: FR
                sources:
                  - {name: paris, provider: ovh, api: v2, token: {credential: ovh}, max_backoff: \(backoff), \
                url: "http://127.0.0.1:\(provider.port)/paris"}
                  - {name: campaigns, provider: sfr-dmc, secret: {value: "another-secret-for-tests-02"}}
                webhooks: {listen: "127.0.0.1:\(site.hookPort)"}

                """)
        }
        try configure("30s")
        let daemon = try await site.startWithLittleRoom()
        @Sendable func told(_ type: String) throws -> [Line] {
            try site.events().filter { $0.source == "ovh/paris" && $0.type == type }
        }
        #expect(try await eventually { try told("source.up").count == 1 }, "\(daemon.errors)")
        #expect(try told("source.gap").isEmpty)
        try fill(site)
        let padding = String(repeating: "x", count: 60_000)
        provider.deliver([#"{"event":"start_ringing","service":"sip","data":{"x":"\#(padding)"}}"#], to: "paris")
        let isHeld = await eventually {
            daemon.errors.split(separator: "\n").contains {
                $0.contains("delivery waits for the journal") && $0.contains("ovh/paris")
            }
        }
        #expect(isHeld, "\(daemon.errors)")
        try configure("29s")
        daemon.signal(SIGHUP)
        #expect(await eventually { daemon.errors.contains("configuration reloaded") }, "\(daemon.errors)")
        try await Site.makeRoom(for: daemon)
        let isTold = try await eventually(within: 40) {
            try told("source.gap").contains { $0.text.contains("cut off") }
        }
        #expect(isTold, "\(daemon.errors)")
    }

    /// What was removed is told once there is room.
    @Test func whatASourceHadToSayIsToldAfterwards() async throws {
        let site = try Site()
        try site.write("credentials/second", "another-secret-for-tests-02")
        let campaigns = "  - {name: campaigns, provider: sfr-dmc, secret: {credential: second}}"
        try site.writeConfiguration(extra: campaigns)
        let daemon = try await site.startWithLittleRoom()
        try fill(site)
        // Changed again before it could say a word, its first farewell is still due.
        let changed = campaigns.dropLast() + ", allow: [127.0.0.0/8]}"
        for extra in ["", campaigns, String(changed)] {
            try site.writeConfiguration(extra: extra)
            let reloads = daemon.errors.components(separatedBy: "configuration reloaded").count
            daemon.signal(SIGHUP)
            #expect(
                await eventually { daemon.errors.components(separatedBy: "configuration reloaded").count > reloads })
        }
        try await Site.makeRoom(for: daemon)
        let isTold = try await eventually(within: 40) {
            try site.events().contains { $0.source == "sfr-dmc/campaigns" && $0.text.contains("nobody listened") }
        }
        #expect(isTold, "\(daemon.errors)")
        let told = try site.events().filter { $0.source == "sfr-dmc/campaigns" && $0.type.hasPrefix("source.") }
        let types = told.map(\.type).filter { $0 != "source.unparsed" }
        #expect(types.starts(with: ["source.up", "source.down"]), "\(types)")
        #expect(types.last == "source.up" || types.last == "source.gap", "\(types)")
    }
}
