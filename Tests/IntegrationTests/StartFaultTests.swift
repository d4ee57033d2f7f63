import Foundation
import Testing

/// What can be wrong with the world when the daemon starts.
@Suite struct StartFaultTests {
    private func launch(_ site: Site, state: String? = nil) throws -> Program {
        try Program(
            "ctibridged",
            [
                "--config", site.configuration, "--state-dir", state ?? "\(site.directory)/state", "--runtime-dir",
                "\(site.directory)/run",
            ], environment: ["CREDENTIALS_DIRECTORY": "\(site.directory)/credentials"])
    }

    /// Whenever it comes, the end is quick and the next start finds everything in order.
    @Test(arguments: ["", "event socket open", "listening for webhooks", "sources running", "ready"])
    func controlCDuringTheStart(after word: String) async throws {
        let site = try Site()
        let daemon = try launch(site)
        #expect(await eventually { daemon.errors.contains(word) || word.isEmpty })
        daemon.signal(SIGINT)
        let code = await daemon.exitCode(within: 3)
        // Before the daemon serves there is nothing to say farewell to: the signal ends it as it ends any program.
        #expect(code == 0 || code == 128 + SIGINT, "\(String(describing: code))")
        let next = try await site.start()
        #expect(try site.notify("account=33199000021&caller=33639980001&callee=33199000021&type=SETUP") == 200)
        let events = try site.events().compactMap(\.seq)
        #expect(events == Array(1...events.count))
        next.signal(SIGINT)
        #expect(await next.exitCode(within: 3) == 0)
    }

    @Test func aJournalThatCannotBeWrittenIsNamed() async throws {
        let site = try Site()
        try site.write("file", "")
        try FileManager.default.createDirectory(atPath: "\(site.directory)/sealed", withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: "\(site.directory)/sealed")
        // Root may write anywhere.
        for state in ["file", "missing/deeper"] + (geteuid() == 0 ? [] : ["sealed"]) {
            let daemon = try launch(site, state: "\(site.directory)/\(state)")
            #expect(await daemon.exitCode() == 74, "\(state)")
            #expect(daemon.errors.contains("\(site.directory)/\(state)"), "\(daemon.errors)")
            // It has not taken the place of anybody.
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(site.directory)/run") == [])
        }
    }

    @Test func aProviderThatIsDownIsNoReasonNotToStart() async throws {
        let provider = try FaultyProvider(hold: 0.2)
        let site = try Site()
        try site.write(
            "ctibridge.yaml",
            """
            country: FR
            sources:
              - {name: paris, provider: ovh, token: {credential: ovh}, \
            url: "http://127.0.0.1:\(provider.port)/paris", poll_timeout: 5s, max_backoff: 1s}
              - {name: desk, provider: keyyo, account: "33199000021", secret: {credential: hook}}
            webhooks: {listen: "127.0.0.1:\(site.hookPort)"}

            """)
        let daemon = try await site.start()
        let isDown = try await eventually {
            try site.events().contains { $0.type == "source.down" && $0.source == "ovh/paris" }
        }
        #expect(isDown)
        #expect(try site.notify("account=33199000021&caller=33639980001&callee=33199000021&type=SETUP") == 200)
        #expect(try PlainHTTP.get(site.api, "/readyz").status == 200)

        provider.serve()
        provider.deliver(
            [
                #"{"Event":"start_ringing","Service":"sip","Ressource":"0033199000001","Data":"#
                    + #"{"CallId":"c","Calling":"0033639980002","Called":"0033199000001"}}"#
            ], to: "paris")
        let isUp = try await eventually {
            let own = try site.events().filter { $0.source == "ovh/paris" }.map(\.type)
            return own.contains("source.up") && own.contains("call.ringing")
        }
        #expect(isUp)
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 3) == 0)
    }

    /// Two daemons with journals of their own must not take each other's sockets away.
    @Test func aSocketThatSomebodyServesIsLeftToThem() async throws {
        let site = try Site()
        let first = try await site.start()
        let other = try Site()
        let second = try Program(
            "ctibridged",
            [
                "--config", other.configuration, "--state-dir", "\(other.directory)/state", "--runtime-dir",
                "\(site.directory)/run",
            ], environment: ["CREDENTIALS_DIRECTORY": "\(other.directory)/credentials"])
        #expect(await second.exitCode() == 69)
        #expect(second.errors.contains("\(site.directory)/run/"))
        #expect(try site.notify("account=33199000021&caller=33639980001&callee=33199000021&type=SETUP") == 200)
        first.signal(SIGTERM)
        #expect(await first.exitCode(within: 3) == 0)
    }
}
