import Foundation
import Testing

/// What becomes of a call whose provider answers at a bad moment.
@Suite(.timeLimit(.minutes(2))) struct PlacementFaultTests {
    /// Asks for a call on a thread of its own and returns once the provider was asked.
    private func place(_ site: Site, _ provider: HeldProvider) async throws -> Task<Int?, Never> {
        let api = site.api
        let request = Task {
            await withCheckedContinuation { continuation in
                // Not on the threads that all tests share: there are as many as cores, and this one waits.
                Thread.detachNewThread {
                    let reply = try? PlainHTTP.request(
                        "POST", api, "/v1/calls", headers: ["Content-Type: application/json"],
                        body: #"{"source":"sales","to":"+33639980001","from":"101"}"#)
                    continuation.resume(returning: reply?.status)
                }
            }
        }
        #expect(await eventually { provider.placed == 1 })
        return request
    }

    /// The source that asked is gone; the one that took its place follows the call.
    @Test func aCallIsFollowedAlthoughItsSourceWasChangedMeanwhile() async throws {
        let provider = try HeldProvider()
        let site = try Site(simulatorPort: provider.port)
        let daemon = try await site.start()
        let request = try await place(site, provider)
        let text = try String(contentsOfFile: site.configuration, encoding: .utf8)
        try site.write(
            "ctibridge.yaml",
            text.replacingOccurrences(of: "username: agent@", with: "poll_interval: 2s, username: agent@"))
        daemon.signal(SIGHUP)
        #expect(await eventually { daemon.errors.contains("configuration reloaded") }, "\(daemon.errors)")
        provider.release()
        #expect(await request.value == 202)
        #expect(await eventually { provider.asked > 0 }, "the call is not followed: \(daemon.errors)")
    }

    /// Nobody follows it any more, but it was asked for, and the stream knows it.
    @Test func aCallIsToldAlthoughItsSourceWasRemovedMeanwhile() async throws {
        let provider = try HeldProvider()
        let site = try Site(simulatorPort: provider.port)
        let daemon = try await site.start()
        let request = try await place(site, provider)
        let text = try String(contentsOfFile: site.configuration, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        try site.write(
            "ctibridge.yaml", lines.filter { !$0.contains("name: sales") }.joined(separator: "\n"))
        daemon.signal(SIGHUP)
        #expect(await eventually { daemon.errors.contains("configuration reloaded") }, "\(daemon.errors)")
        provider.release()
        #expect(await request.value == 202)
        #expect(try site.events().contains { $0.source == "voipgrid/sales" && $0.type == "call.initiated" })
    }

    /// Whatever was promised is told, by the next run at the latest.
    @Test func aCallWhoseProviderAnswersWhileTheDaemonStopsIsTold() async throws {
        let provider = try HeldProvider()
        let site = try Site(simulatorPort: provider.port)
        let daemon = try await site.start()
        let request = try await place(site, provider)
        daemon.signal(SIGTERM)
        #expect(await eventually { daemon.errors.contains("stopping") })
        provider.release()
        let status = await request.value
        #expect(await daemon.exitCode() == 0)
        #expect([202, 504, nil].contains(status))
        let next = try await site.start()
        let calls = try site.events().filter { $0.source == "voipgrid/sales" && $0.type.hasPrefix("call.") }
        #expect(!calls.isEmpty, "answered \(status ?? 0)")
        _ = next
    }
}
