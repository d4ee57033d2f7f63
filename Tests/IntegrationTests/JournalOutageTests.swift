import Foundation
import GRDB
import Testing

/// What becomes of orders while the journal takes nothing.
@Suite(.timeLimit(.minutes(2))) struct JournalOutageTests {
    /// The daemon may be writing just then.
    private func journal(of site: Site) throws -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(20)
        return try DatabaseQueue(path: "\(site.directory)/state/journal.sqlite", configuration: configuration)
    }

    private func change(_ site: Site, _ sql: String) throws {
        try journal(of: site).write { try $0.execute(sql: sql) }
    }

    private func claims(_ site: Site) throws -> [String] {
        try journal(of: site).read { db in
            try String.fetchAll(db, sql: "SELECT key FROM placements WHERE key LIKE 'dial-%'")
        }
    }

    /// As on a disk that is nearly full: the claims, which are small, are taken.
    @Test func nobodyIsAskedForWhatCannotBeWrittenDownAndNobodyWaitsForItsEnd() async throws {
        let provider = try HeldProvider()
        provider.release()
        let site = try Site(simulatorPort: provider.port)
        try site.writeOrders()
        let daemon = try await site.start()
        let placed = await site.ordered("/v1/calls", #"{"source":"sales","to":"+33639980001","from":"101"}"#).value
        let call = try FiveProviders.member("id", of: try #require(placed))
        // What it says of the call is written down; after that it says nothing new.
        #expect(await eventually { provider.asked > 1 })
        try change(
            site,
            "CREATE TRIGGER outage BEFORE INSERT ON deliveries BEGIN SELECT RAISE(ABORT, 'no room'); END")

        let start = ContinuousClock.now
        let requests = (0..<4).map { site.dial($0) }
        // With the first of them the outage begins.
        #expect(await eventually { provider.placed == 2 })
        let end = site.ordered("/v1/calls/\(call)", method: "DELETE")
        var statuses: [Int?] = []
        for request in requests { statuses.append(await request.value?.status) }
        #expect(provider.placed == 2, "the call before the outage, and the one with which it began")
        #expect(statuses.compactMap(\.self).sorted() == [503, 503, 503, 504], "\(statuses)")
        #expect(await end.value?.status == 504)
        #expect(provider.ended == 1)
        #expect(ContinuousClock.now - start < .seconds(12))
        // The others may be asked for again.
        #expect(await eventually { (try? claims(site).count) == 1 })
        try change(site, "DROP TRIGGER outage")
        let isTold = try await eventually {
            try site.events().filter { $0.source == "keyyo/desk" && $0.type == "call.initiated" }.count == 1
        }
        #expect(isTold, "\(daemon.errors)")
        #expect(provider.placed == 2)
    }

    @Test func ofACallThatCannotBeLookedUpItIsNotSaidThatThereIsNone() async throws {
        let site = try Site()
        let daemon = try await site.start()
        #expect(try PlainHTTP.request("DELETE", site.api, "/v1/calls/c-1").status == 404)
        try change(site, "ALTER TABLE calls RENAME TO calls_elsewhere")
        let reply = try PlainHTTP.request("DELETE", site.api, "/v1/calls/c-1")
        #expect(reply.status == 503, "\(reply.body)")
        try change(site, "ALTER TABLE calls_elsewhere RENAME TO calls")
        _ = daemon
    }
}
