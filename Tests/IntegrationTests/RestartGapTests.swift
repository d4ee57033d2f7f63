import Foundation
import StreamSchema
import Testing

/// What was missed is told by whichever run hears the source again: a restart forgets none of it.
@Suite struct RestartGapTests {
    private struct Gap: Decodable {
        struct Told: Decodable {
            let reason: String
            let from: String
        }
        let data: Told
    }

    private let names = ["one", "two"]

    private func site(_ provider: FaultyProvider) throws -> Site {
        let site = try Site()
        let sources = names.map { name in
            """
              - {name: \(name), provider: ovh, token: {value: "5EC4E700-\(name)"}, api: \(name == "one" ? "v1" : "v2"), \
            url: "http://127.0.0.1:\(provider.port)/\(name)", poll_timeout: 500ms, max_backoff: 1s}
            """
        }
        try site.write("ctibridge.yaml", "country: FR\nsources:\n\(sources.joined(separator: "\n"))\n")
        return site
    }

    private func types(_ site: Site, _ source: String) throws -> [String] {
        try site.events().filter { $0.source == source }.map(\.type)
    }

    private func gaps(_ site: Site, _ source: String) throws -> [Gap.Told] {
        try site.events().filter { $0.source == source && $0.type == "source.gap" }
            .map { try JSONDecoder().decode(Gap.self, from: Data($0.text.utf8)).data }
    }

    private func restart(_ site: Site, _ daemon: Program, by signal: Int32) async throws -> Program {
        daemon.signal(signal)
        _ = await daemon.exitCode(within: 5)
        return try await site.start()
    }

    /// As events write it.
    private var now: String {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        return formatter.string(from: Date())
    }

    /// Longer than twice the time of a poll, whichever run waited for it.
    @Test func anOutageThatOutlivesTheDaemon() async throws {
        let provider = try FaultyProvider(hold: 0.05)
        provider.serve()
        let site = try site(provider)
        var daemon = try await site.start()
        for name in names {
            #expect(try await eventually { try types(site, "ovh/\(name)").contains("source.up") })
            provider.breakDown(name, .serverError)
        }
        for name in names {
            #expect(try await eventually { try types(site, "ovh/\(name)").contains("source.down") })
        }
        let broken = ContinuousClock.now
        for signal in [SIGKILL, SIGTERM] { daemon = try await restart(site, daemon, by: signal) }
        let restarted = now
        // The outage itself: no event tells that it has lasted.
        try await Task.sleep(until: broken + .milliseconds(1_200), clock: .continuous)
        provider.recover()
        for name in names {
            #expect(try await eventually { try gaps(site, "ovh/\(name)").count == 1 })
            let gap = try gaps(site, "ovh/\(name)")
            #expect(gap.allSatisfy { $0.from < restarted }, "\(name): \(gap), restarted \(restarted)")
        }
        daemon.signal(SIGTERM)
        _ = await daemon.exitCode(within: 5)
    }

    @Test func aReplyThatNobodyCouldReadBeforeTheRestart() async throws {
        let provider = try FaultyProvider(hold: 0.05)
        provider.serve()
        let site = try site(provider)
        var daemon = try await site.start()
        #expect(try await eventually { try types(site, "ovh/one").contains("source.up") })
        provider.breakDown("one", .notJSON, count: 1)
        #expect(try await eventually { try types(site, "ovh/one").contains("source.unparsed") })
        provider.breakDown("one", .serverError)
        daemon = try await restart(site, daemon, by: SIGKILL)
        provider.recover()
        #expect(try await eventually { try gaps(site, "ovh/one").contains { $0.reason.contains("could not be read") } })
        daemon.signal(SIGTERM)
        _ = await daemon.exitCode(within: 5)
    }

    @Test func aProviderThatAnswersInTheSecondRunForTheFirstTime() async throws {
        let provider = try FaultyProvider(hold: 0.05)
        let site = try site(provider)
        var daemon = try await site.start()
        for name in names {
            #expect(try await eventually { try types(site, "ovh/\(name)").contains("source.down") })
        }
        let restarted = now
        daemon = try await restart(site, daemon, by: SIGKILL)
        provider.serve()
        for name in names {
            #expect(try await eventually { try gaps(site, "ovh/\(name)").count == 1 })
            let gap = try gaps(site, "ovh/\(name)")
            #expect(gap.allSatisfy { $0.from < restarted }, "\(name): \(gap), restarted \(restarted)")
        }
        daemon.signal(SIGTERM)
        _ = await daemon.exitCode(within: 5)
    }

    /// What is pushed while a source is not configured is refused, whether it was taken out by a reload or between
    /// two runs.
    @Test(arguments: [true, false]) func aSourceThatWasRemovedAndComesBackAfterARestart(_ byReload: Bool) async throws {
        let site = try Site()
        var daemon = try await site.start()
        #expect(try await eventually { try types(site, "keyyo/desk").contains("source.up") })
        let whole = try String(contentsOfFile: site.configuration, encoding: .utf8)
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
        if !byReload {
            daemon.signal(SIGTERM)
            _ = await daemon.exitCode(within: 5)
        }
        try site.write("ctibridge.yaml", lines.filter { !$0.contains("name: desk") }.joined(separator: "\n"))
        if byReload { daemon.signal(SIGHUP) } else { daemon = try await site.start() }
        let isTold = try await eventually {
            try site.events().contains {
                $0.source == "keyyo/desk" && $0.text.contains("removed from the configuration")
            }
        }
        #expect(isTold, "\(daemon.errors)")
        let restarted = now
        daemon = try await restart(site, daemon, by: SIGKILL)
        try site.write("ctibridge.yaml", whole)
        daemon.signal(SIGHUP)
        #expect(try await eventually { try gaps(site, "keyyo/desk").count == 1 }, "\(daemon.errors)")
        let gap = try gaps(site, "keyyo/desk")
        #expect(gap.allSatisfy { $0.from < restarted }, "\(gap), restarted \(restarted)")
        let told = try types(site, "keyyo/desk")
        #expect(told == ["source.up", "source.down", "source.gap", "source.up"], "\(told)")
        daemon.signal(SIGTERM)
        _ = await daemon.exitCode(within: 5)
    }
}
