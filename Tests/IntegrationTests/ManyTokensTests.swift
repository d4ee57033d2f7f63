import Foundation
import Testing

/// One source, several tokens, one of them no good: the others must not notice.
@Suite struct ManyTokensTests {
    private static let bad = "BADBADBA-0000-4000-8000-000000000000"

    @Test(arguments: ["v1", "v2"])
    func theOthersGoOnDelivering(version: String) async throws {
        let provider = try FaultyProvider(hold: 1.2)
        provider.refuse(token: Self.bad)
        provider.serve()
        let site = try Site()
        try site.write(
            "ctibridge.yaml",
            """
            country: FR
            sources:
              - {name: paris, provider: ovh, api: \(version), url: "http://127.0.0.1:\(provider.port)/paris", \
            tokens: [{credential: ovh}, {value: "\(Self.bad)"}], poll_timeout: 5s, max_backoff: 1s}

            """)
        let daemon = try await site.start()
        let isDegraded = try await eventually { try sources(site).contains(#""state":"degraded""#) }
        #expect(isDegraded, "\(daemon.errors)")
        #expect(try sources(site).contains(#""last_error":"the provider refuses"#))

        for number in 1...3 {
            provider.deliver([Self.ringing(number, version)], to: "paris")
            let hasCome = await eventually(within: 10) {
                ((try? site.events()) ?? []).filter { $0.type == "call.ringing" }.count == number
            }
            #expect(hasCome, "event \(number)")
        }
        let health = try site.events().filter { $0.type.hasPrefix("source.") }
        #expect(health.map(\.type).filter { $0 != "source.up" } == ["source.degraded"])
        #expect(try sources(site).contains(#""state":"degraded""#))

        // Version 2 asks for a refused token again with the next session; version 1 goes on asking by itself.
        provider.refuse(token: nil)
        if version == "v2" { provider.breakDown("paris", .forgetful, count: 1) }
        let isUp = try await eventually { try sources(site).contains(#""state":"up""#) }
        #expect(isUp, "\(daemon.errors)")
        let texts = try daemon.errors + daemon.lines.joined() + sources(site)
        #expect(!texts.contains("BADBADBA"))
    }

    private func sources(_ site: Site) throws -> String {
        try PlainHTTP.get(site.api, "/v1/sources").body
    }

    private static func ringing(_ number: Int, _ version: String) -> String {
        let data = #"{"CallId":"c\#(number)","Calling":"0033639980001","Called":"0033199000001"}"#
        return version == "v1"
            ? #"{"Event":"start_ringing","Service":"sip","Ressource":"0033199000001","Data":\#(data)}"#
            : #"{"event":"start_ringing","service":"sip","ressource":"0033199000001","data":\#(data)}"#
    }
}
