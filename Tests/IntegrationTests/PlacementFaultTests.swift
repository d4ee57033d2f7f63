import Foundation
import Testing

/// What becomes of a call whose provider answers at a bad moment.
@Suite(.timeLimit(.minutes(2))) struct PlacementFaultTests {
    /// Asks for a call and returns once the provider was asked.
    private func place(_ site: Site, _ provider: HeldProvider) async throws -> Task<PlainHTTP.Reply?, Never> {
        let request = site.ordered("/v1/calls", #"{"source":"sales","to":"+33639980001","from":"101"}"#)
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
        #expect(await request.value?.status == 202)
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
        #expect(await request.value?.status == 202)
        #expect(try site.events().contains { $0.source == "voipgrid/sales" && $0.type == "call.initiated" })
    }

    /// The text belongs to the source, not to what it was when it was sent.
    @Test func aTextIsAskedAboutAlthoughItsSourceWasChangedMeanwhile() async throws {
        let provider = try HeldProvider()
        let site = try Site(simulatorPort: provider.port)
        try site.writeOrders(orange: "")
        let daemon = try await site.start()
        let request = site.ordered("/v1/messages", #"{"source":"legacy","to":"+33639980001","text":"x"}"#)
        #expect(await eventually { provider.placed == 1 })
        try site.writeOrders(orange: "    sender: \"20345\"")
        daemon.signal(SIGHUP)
        #expect(await eventually { daemon.errors.contains("configuration reloaded") }, "\(daemon.errors)")
        provider.release()
        #expect((200..<300).contains(await request.value?.status ?? 0))
        let hasArrived = try await eventually {
            try site.events().contains { $0.type == "message.status" && $0.text.contains(#""delivered""#) }
        }
        #expect(hasArrived, "\(provider.asked) \(daemon.errors)")
    }

    // MARK: - Stopping

    /// A provider that was asked already is given a second to answer.
    @Test func aCallWhoseProviderAnswersWhileTheDaemonStopsIsToldAndPromised() async throws {
        let provider = try HeldProvider()
        let site = try Site(simulatorPort: provider.port)
        let daemon = try await site.start()
        let request = try await place(site, provider)
        daemon.signal(SIGTERM)
        let start = ContinuousClock.now
        #expect(await eventually { daemon.errors.contains("stopping") })
        provider.release()
        let reply = await request.value
        #expect(reply?.status == 202, "\(String(describing: reply))")
        #expect(await daemon.exitCode() == 0)
        #expect(ContinuousClock.now - start < .milliseconds(2_500))
        let asked = provider.asked
        let next = try await site.start()
        let calls = try site.events().filter { $0.source == "voipgrid/sales" && $0.type == "call.initiated" }
        #expect(calls.count == 1 && !calls[0].text.contains("not known"), "\(calls.map(\.text))")
        // What the provider called it was kept: it is followed.
        #expect(await eventually { provider.asked > asked })
        _ = next
    }

    /// Whatever was promised is told, by the next run at the latest.
    @Test func aCallWhoseProviderIsTooSlowForTheStopIsToldByTheNextRun() async throws {
        let provider = try HeldProvider()
        let site = try Site(simulatorPort: provider.port)
        let daemon = try await site.start()
        let request = try await place(site, provider)
        let start = ContinuousClock.now
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode() == 0)
        #expect(ContinuousClock.now - start < .milliseconds(2_500))
        provider.release()
        let status = await request.value?.status
        #expect(status == 504)
        let next = try await site.start()
        let calls = try site.events().filter { $0.source == "voipgrid/sales" && $0.type.hasPrefix("call.") }
        #expect(!calls.isEmpty, "answered \(status ?? 0)")
        _ = next
    }

    /// They would be placed through a source that is gone, up to a hundred seconds later.
    @Test func callsThatWaitForTheirTurnAreNotPlacedOnceTheirSourceIsRemoved() async throws {
        let provider = try HeldProvider()
        provider.release()
        let site = try Site(simulatorPort: provider.port)
        try site.writeOrders()
        let daemon = try await site.start()
        let requests = (0..<4).map { site.dial($0) }
        #expect(await eventually { provider.placed > 0 })
        let text = try String(contentsOfFile: site.configuration, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        try site.write("ctibridge.yaml", lines.filter { !$0.contains("name: desk") }.joined(separator: "\n"))
        daemon.signal(SIGHUP)
        var statuses: [Int?] = []
        for request in requests {
            let reply = await request.value
            statuses.append(reply?.status)
            if reply?.status == 503 { #expect(reply?.body.contains("the source was changed or removed") == true) }
        }
        let placed = provider.placed
        #expect(placed < 4)
        #expect(statuses.filter { $0 == 202 }.count == placed, "\(statuses)")
        #expect(statuses.filter { $0 == 503 }.count == 4 - placed, "\(statuses)")
        #expect(await eventually { daemon.errors.contains("configuration reloaded") }, "\(daemon.errors)")
        let later = await site.dial(7).value
        #expect(later?.status == 422, "\(String(describing: later))")
        // What was answered before is answered so again, though its source is gone.
        for (number, status) in statuses.enumerated() {
            #expect(await site.dial(number).value?.status == (status == 503 ? 422 : status))
        }
        #expect(provider.placed == placed)
    }

    /// They wait here because Keyyo takes one call a second.
    @Test func callsThatWaitForTheirTurnAreNotPlacedOnceTheDaemonStops() async throws {
        let provider = try HeldProvider()
        provider.release()
        let site = try Site(simulatorPort: provider.port)
        try site.writeOrders()
        let daemon = try await site.start()
        let requests = (0..<4).map { site.dial($0) }
        #expect(await eventually { provider.placed > 0 })
        daemon.signal(SIGTERM)
        var statuses: [Int?] = []
        for request in requests {
            let reply = await request.value
            statuses.append(reply?.status)
            if reply?.status == 503 { #expect(reply?.body.contains("the daemon is stopping") == true) }
        }
        #expect(await daemon.exitCode() == 0)
        let placed = provider.placed
        #expect(placed < 4)
        #expect(statuses.filter { $0 == 202 }.count == placed, "\(statuses)")
        #expect(statuses.filter { $0 == 503 }.count == 4 - placed, "\(statuses)")
        let next = try await site.start()
        #expect(try site.events().filter { $0.type == "call.initiated" }.count == placed)
        // Nobody was asked: the same request again is placed.
        for request in (0..<4).map({ site.dial($0) }) { #expect(await request.value?.status == 202) }
        #expect(provider.placed == 4)
        _ = next
    }

    /// Only what was sent may be ringing.
    @Test func callsThatWaitForTheirTurnAreNotToldAfterACrash() async throws {
        let provider = try HeldProvider()
        let site = try Site(simulatorPort: provider.port)
        try site.writeOrders()
        let daemon = try await site.start()
        let first = site.dial(0)
        #expect(await eventually { provider.placed == 1 })
        // The same request again hears that the first waits: not that a phone may be ringing.
        let (answers, answer) = AsyncStream<String>.makeStream()
        let others = [1, 2, 4, 5, 3, 3].map { number in
            let reply = site.dial(number)
            return Task { if let body = await reply.value?.body { answer.yield(body) } }
        }
        for await body in answers where body.contains("order-waiting") { break }
        daemon.signal(SIGKILL)
        #expect(await daemon.exitCode() == 128 + SIGKILL)
        _ = await first.value
        for request in others { await request.value }
        let sent = provider.placed
        provider.release()
        let next = try await site.start()
        let told = try site.events().filter { $0.type == "call.initiated" }.count
        // One may have been written down as sent when the end came, and not have left.
        #expect((sent...(sent + 1)).contains(told) && told < 4, "\(told) of \(sent)")
        #expect(await site.dial(0).value?.status == 504)
        #expect(await site.dial(3).value?.status == 202)
        _ = next
    }
}
