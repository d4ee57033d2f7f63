import Foundation
import Testing

/// A provider that fails in every way that is known, to both versions of the protocol at once: one daemon, one source
/// for each way.
@Suite struct PollFaultTests {
    private struct Source {
        let name: String
        let version: String
        let fault: FaultyProvider.Fault
        let token: String
    }

    private static let sources = ["v1", "v2"].flatMap { version in
        FaultyProvider.Fault.allCases.enumerated().map { index, fault in
            Source(
                name: "\(version)-\(fault.rawValue.lowercased())", version: version, fault: fault,
                token: "5EC4E700-\(version)00-4000-8000-00000000000\(index)")
        }
    }

    @Test func everyFaultIsToldBoundedAndHealed() async throws {
        let provider = try FaultyProvider(hold: 0.05)
        provider.serve()
        let site = try Site()
        try site.write("ctibridge.yaml", configuration(provider))
        let daemon = try await site.start(arguments: ["--log-level", "trace"])
        try await expect("source.up", times: 1, site)

        // Exactly two polls fail: that is enough to be down, and nothing but the next poll is needed to be up again.
        for source in Self.sources { provider.breakDown(source.name, source.fault, count: 2) }
        try await expect("source.down", times: 1, site)
        try await expect("source.up", times: 2, site)

        // Everything fails for a while, longer than twice the time of a poll.
        for source in Self.sources { provider.breakDown(source.name, source.fault) }
        let start = ContinuousClock.now
        try await expect("source.down", times: 2, site)
        // Time in which nothing is to happen but what is counted below.
        try await Task.sleep(for: .milliseconds(1_600))
        for source in Self.sources {
            let count = provider.requests(of: source.name)
            let elapsed = Double((ContinuousClock.now - start) / .milliseconds(1))
            // Never sooner than a quarter of the first pause (125 ms), or than the provider asked for (1 s); a session
            // that is made anew costs one request more.
            let pause = source.fault == .tooMany ? 1_000.0 : 125.0
            #expect(count >= 1 && Double(count) <= elapsed / pause + 3, "\(source.name): \(count) in \(elapsed) ms")
        }
        provider.recover()
        try await expect("source.up", times: 3, site)

        let events = try site.events()
        for source in Self.sources {
            let own = events.filter { $0.source == "ovh/\(source.name)" }
            #expect(own.contains { $0.type == "source.gap" }, "\(source.name): \(own.map(\.type))")
        }
        let forgotten = events.filter { $0.source == "ovh/v2-forgetful" && $0.type == "source.gap" }
        #expect(forgotten.contains { $0.text.contains("session") })
        try expectNoToken(site, daemon, try PlainHTTP.get(site.api, "/v1/sources").body)
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 3) == 0)
    }

    private func configuration(_ provider: FaultyProvider) -> String {
        let sources = Self.sources.map { source in
            """
              - {name: \(source.name), provider: ovh, token: {value: "\(source.token)"}, api: \(source.version), \
            url: "http://127.0.0.1:\(provider.port)/\(source.name)", poll_timeout: 500ms, max_backoff: 1s}
            """
        }
        return "country: FR\nsources:\n\(sources.joined(separator: "\n"))\n"
    }

    private func expect(_ type: String, times: Int, _ site: Site) async throws {
        let names = Self.sources.map { "ovh/\($0.name)" }
        let hasCome = try await eventually(within: 40) {
            let sources = try site.events().filter { $0.type == type }.map(\.source)
            return names.allSatisfy { name in sources.filter { $0 == name }.count >= times }
        }
        if hasCome { return }
        let sources = try site.events().filter { $0.type == type }.map(\.source)
        let missing = names.filter { name in sources.filter { $0 == name }.count < times }
        Issue.record("\(type) number \(times) never came of \(missing)")
    }

    /// The providers' answers repeat the token: it is in no line, log, answer or file.
    private func expectNoToken(_ site: Site, _ daemon: Program, _ status: String) throws {
        var texts = ["log": daemon.errors, "stream": daemon.lines.joined(separator: "\n"), "status": status]
        for file in try FileManager.default.contentsOfDirectory(atPath: "\(site.directory)/state") {
            let data = FileManager.default.contents(atPath: "\(site.directory)/state/\(file)") ?? Data()
            texts[file] = String(decoding: data, as: UTF8.self)
        }
        #expect(daemon.errors.contains("source down"))
        // Not even the beginning of one, where a text was cut.
        for (name, text) in texts { #expect(!text.contains("5EC4E700"), "\(name)") }
    }
}
