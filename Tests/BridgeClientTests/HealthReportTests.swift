import BridgeClient
import Testing

struct HealthReportTests {
    private func sources(_ json: String) throws -> [JSONValue] {
        try #require(try JSONReader.value(of: Array(json.utf8)[...]).array)
    }

    @Test func whatWaitsIsWell() throws {
        let report = HealthReport(
            notReady: nil,
            sources: try sources(
                #"[{"source":"ovh/a","state":"up"},{"source":"keyyo/b","state":"passive"},{"source":"ovh/c","state":"starting"}]"#
            ))
        #expect(report.isWell)
        #expect(report.text == "ok: 3 sources\n")
    }

    @Test func eachTroubleIsALine() throws {
        let report = HealthReport(
            notReady: "the journal cannot be written",
            sources: try sources(
                """
                [{"source":"ovh/a","state":"up"},
                {"source":"ovh/b","state":"down","since":"2026-11-21T09:29:00Z","last_error":"401\\u001b[2J"},
                {"source":"ovh/c","state":"degraded"},{"source":"ovh/d","state":"new"}]
                """))
        #expect(!report.isWell)
        #expect(
            report.text == """
                not ready: the journal cannot be written
                ovh/b down since 2026-11-21T09:29:00Z: 401\\u001b[2J
                ovh/c degraded
                ovh/d new

                """)
    }

    @Test func nothingToHearIsATrouble() {
        #expect(HealthReport(notReady: nil, sources: []).text == "no source is configured\n")
    }
}
