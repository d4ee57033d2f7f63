import Foundation
import Testing

@Suite struct ReloadTests {
    @Test func aReloadAppliesWhatChangedAndDropsNobody() async throws {
        let site = try Site()
        let daemon = try await site.start()
        let reader = try PlainHTTP.connect(.socket("\(site.directory)/run/events.sock"))
        defer { close(reader) }
        try site.write("credentials/second", "another-secret-for-tests-02")
        try site.writeConfiguration(
            extra: "  - {name: desk2, provider: keyyo, account: \"33199000022\", secret: {credential: second}}")
        daemon.signal(SIGHUP)
        let hasReloaded = try await eventually {
            let path =
                "/hooks/keyyo/desk2/another-secret-for-tests-02?account=33199000022&caller=33639980001&callee=33199000022&type=SETUP"
            return try PlainHTTP.get(site.hooks, path).status == 200
        }
        #expect(hasReloaded)
        let events = try site.events()
        // The source that did not change was not touched.
        #expect(events.filter { $0.source == "keyyo/desk" && $0.type == "source.up" }.count == 1)

        var received = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !received.contains("call.ringing") {
            let count = recv(reader, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received += String(decoding: buffer[..<count], as: UTF8.self)
        }
        #expect(received.contains("call.ringing"))
        // What follows the last line break has not come whole.
        let lines = received.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        #expect(Line.read(lines).first?.type == "stream.hello")
    }

    /// Nobody is left to wonder why nothing more comes, or what was missed meanwhile.
    @Test func aSourceThatIsRemovedSaysSoAndOneThatComesBackTellsWhatItMissed() async throws {
        let site = try Site()
        let daemon = try await site.start()
        try site.write("credentials/second", "another-secret-for-tests-02")
        let second = "  - {name: desk2, provider: keyyo, account: \"33199000022\", secret: {credential: second}}"
        func reload(_ extra: String, until type: String, count: Int) async throws {
            try site.writeConfiguration(extra: extra)
            daemon.signal(SIGHUP)
            let isTold = try await eventually {
                try site.events().filter { $0.source == "keyyo/desk2" && $0.type == type }.count == count
            }
            #expect(isTold, "\(type)")
        }
        try await reload(second, until: "source.up", count: 1)
        try await reload("", until: "source.down", count: 1)
        try await reload(second, until: "source.up", count: 2)
        let told = try site.events().filter { $0.source == "keyyo/desk2" }.map(\.type)
        #expect(told == ["source.up", "source.down", "source.gap", "source.up"])
    }

    /// The old address is open until the new one is, whatever changes of the source.
    @Test func aSourceThatIsPushedToIsHeardThroughoutAChange() async throws {
        let site = try Site()
        let daemon = try await site.start()
        for count in 1...8 {
            let secret = "another-secret-for-tests-\(count / 2)"
            try site.write("credentials/second", secret)
            try site.writeConfiguration(
                extra: "  - {name: desk2, provider: keyyo, account: \"33199000022\", secret: {credential: second}, "
                    + "allow: [127.0.0.0/\(8 + count)]}")
            daemon.signal(SIGHUP)
            let isReloaded = await eventually {
                daemon.errors.components(separatedBy: "configuration reloaded").count == count + 1
            }
            #expect(isReloaded, "\(daemon.errors)")
            let query = "account=33199000022&caller=33639980001&callee=33199000022&type=SETUP&callref=\(count)"
            #expect(try PlainHTTP.get(site.hooks, "/hooks/keyyo/desk2/\(secret)?\(query)").status == 200)
        }
        let told = try site.events().filter { $0.source == "keyyo/desk2" && $0.type.hasPrefix("source.") }
        #expect(told.map(\.type) == ["source.up"])
        #expect(try PlainHTTP.get(site.hooks, "/hooks/keyyo/desk2/another-secret-for-tests-3").status == 404)
    }

    /// Nothing continues where the old token ended, though the source never was down; nor where a poll of version 2
    /// was cut.
    @Test(arguments: ["v1", "v2"]) func aRenewedTokenIsAGap(version: String) async throws {
        let provider = try FaultyProvider(hold: 0.2)
        provider.serve()
        let site = try Site()
        func configure(_ tokens: String..., backoff: String = "30s") throws {
            let list = tokens.map { "{value: \"\($0)\"}" }.joined(separator: ", ")
            try site.write(
                "ctibridge.yaml",
                """
                country: FR
                sources:
                  - {name: paris, provider: ovh, api: \(version), tokens: [\(list)], max_backoff: \(backoff), \
                url: "http://127.0.0.1:\(provider.port)/paris"}

                """)
        }
        @Sendable func told(_ type: String) throws -> [Line] { try site.events().filter { $0.type == type } }
        let reason = version == "v1" ? "a token of this source was changed" : "a poll was cut off"
        try configure("5EC4E700-0000-4000-8000-000000000001")
        var daemon = try await site.start()
        #expect(try await eventually { try told("source.up").count == 1 })
        for number in 2...3 {
            try configure("5EC4E700-0000-4000-8000-00000000000\(number)")
            daemon.signal(SIGHUP)
            let isTold = try await eventually {
                try told("source.gap").filter { $0.text.contains(reason) }.count == number - 1
            }
            #expect(isTold, "\(daemon.errors)")
            // Asked again, it has taken note of that.
            let asked = provider.requests(of: "paris")
            #expect(await eventually { provider.requests(of: "paris") >= asked + 2 })
        }
        // From the change before, not from the one before that.
        let gaps = try told("source.gap")
        try #require(gaps.count == 2)
        #expect(try time("to", gaps[0]) <= time("from", gaps[1]))
        #expect(try await eventually { try told("source.up").count == 3 })

        try configure("5EC4E700-0000-4000-8000-000000000003", backoff: "29s")
        daemon.signal(SIGHUP)
        #expect(try await eventually { try told("source.up").count == 4 })
        #expect(try told("source.gap").count == (version == "v2" ? 3 : 2))
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode() == 0)
        daemon = try await site.start()
        #expect(try await eventually { try told("source.up").count == 5 })
        #expect(try told("source.gap").count == (version == "v2" ? 4 : 2))

        // One that is added has missed nothing, whatever tokens there were once.
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode() == 0)
        try configure("5EC4E700-0000-4000-8000-000000000003", "5EC4E700-0000-4000-8000-000000000004")
        daemon = try await site.start()
        #expect(try await eventually { try told("source.up").count == 6 })
        #expect(try told("source.gap").count == (version == "v2" ? 5 : 2))

        // Another version of the interface begins anew.
        let before = try told("source.gap").count
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode() == 0)
        try site.write(
            "ctibridge.yaml",
            try String(contentsOfFile: site.configuration, encoding: .utf8)
                .replacing("api: \(version)", with: "api: \(version == "v1" ? "v2" : "v1")"))
        daemon = try await site.start()
        #expect(try await eventually { try told("source.gap").count > before })
    }

    private func time(_ field: String, _ line: Line) throws -> String {
        let text = try #require(line.text.components(separatedBy: "\"\(field)\":\"").dropFirst().first)
        return String(text.prefix(24))
    }

    /// Only the machine knows groups; the mistake has its place all the same, and nothing of the file is applied.
    @Test func aGroupThatDoesNotExistChangesNothing() async throws {
        let site = try Site()
        let daemon = try await site.start()
        try site.write("credentials/second", "another-secret-for-tests-02")
        let wrong = "sockets: [{path: e.sock, group: no-such-group-here}]"
        try site.writeConfiguration(
            extra: "  - {name: desk2, provider: keyyo, account: \"33199000022\", secret: {credential: second}}",
            model: wrong)
        let check = try Program(
            "ctibridged", ["--config", site.configuration, "--check-config"],
            environment: ["CREDENTIALS_DIRECTORY": "\(site.directory)/credentials"])
        #expect(await check.exitCode() == 78)
        #expect(check.errors.contains("ctibridge.yaml:8:33: 'group': there is no group"), "\(check.errors)")
        daemon.signal(SIGHUP)
        #expect(await eventually { daemon.errors.contains("not reloaded") })
        let sources = try PlainHTTP.get(site.api, "/v1/sources").body
        #expect(sources.contains("keyyo/desk"))
        #expect(!sources.contains("desk2"))
        #expect(access("\(site.directory)/run/events.sock", F_OK) == 0)
    }

    @Test func anInvalidFileLeavesTheRunningConfiguration() async throws {
        let site = try Site()
        let daemon = try await site.start()
        try site.write("ctibridge.yaml", "sources: 7\n")
        daemon.signal(SIGHUP)
        #expect(await eventually { daemon.errors.contains("not reloaded") })
        #expect(daemon.errors.contains("ctibridge.yaml:1:"))
        #expect(try site.notify("account=33199000021&caller=33639980001&callee=33199000021&type=SETUP") == 200)
    }
}
