import Foundation
import Testing

/// Nothing that was acknowledged is lost, and no fact has two ids.
@Suite struct CrashTests {
    @Test func killedAgainAndAgainUnderLoad() async throws {
        let site = try Site()
        var acknowledged: [Int] = []
        var next = 0
        for round in 0..<6 {
            let daemon = try await site.start()
            let killAfter = 15 + round * 7
            for count in 0..<200 {
                if count == killAfter { daemon.signal(SIGKILL) }
                next += 1
                // Each is a call of its own, and its number says which.
                let query =
                    "account=33199000021&caller=3363998\(String(format: "%04d", next))&callee=33199000021"
                    + "&type=SETUP&callref=r\(next)&dref=d\(next)"
                guard let status = try? site.notify(query) else { break }
                if status == 200 { acknowledged.append(next) }
            }
            #expect(await daemon.exitCode() == 128 + SIGKILL)
        }
        let daemon = try await site.start()
        let events = try site.events().filter { $0.seq != nil }
        let ringing = events.filter { $0.type == "call.ringing" }
        for number in acknowledged {
            let caller = "+3363998\(String(format: "%04d", number))"
            #expect(ringing.filter { $0.text.contains("\"\(caller)\"") }.count == 1, "call \(number)")
        }
        #expect(acknowledged.count > 50)
        #expect(Set(events.map(\.id)).count == events.count)
        #expect(events.compactMap(\.seq) == Array(1...events.count))
        // Each start after the first declares that nobody listened; one that was killed before it could is covered by
        // the next.
        let gaps = events.filter { $0.type == "source.gap" && $0.source == "keyyo/desk" }
        #expect((1...6).contains(gaps.count))

        // Open calls go on: the end of a call that began before the first crash.
        let first = try #require(acknowledged.first)
        let query =
            "account=33199000021&caller=3363998\(String(format: "%04d", first))&callee=33199000021&type=RELEASE"
            + "&callref=r\(first)&dref=d\(first)"
        #expect(try site.notify(query) == 200)
        let subject = try #require(
            ringing.first { $0.text.contains("+3363998\(String(format: "%04d", first))\"") }?.subject)
        #expect(try site.events().contains { $0.type == "call.ended" && $0.subject == subject })
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 3) == 0)
    }

    /// A fault, or the abort by which systemd's watchdog ends a daemon that hangs.
    @Test(arguments: [SIGABRT, SIGSEGV])
    func aFaultEndsItAtOnce(_ fault: CInt) async throws {
        let daemon = try await Site().start()
        daemon.signal(fault)
        #expect(await daemon.exitCode(within: 3) == 128 + fault)
    }
}
