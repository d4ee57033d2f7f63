import CallModel
import Providers

/// One decoder, one source, one arrival time: what the tests of DMC reports have in common.
enum DMCReports {
    static let source = SourceName(provider: "sfr-dmc", name: "campaigns")

    static func facts(_ body: [UInt8], at observed: Timestamp = Fixture.start) -> [Fact] {
        SFRDMCDecoder(settings: .init(numbers: NumberPlan(country: "FR")))
            .decode(Delivery(source: source, observed: observed, kind: .webhook, body: body)).facts
    }

    static func facts(_ body: String) -> [Fact] { facts(Array(body.utf8)) }

    /// A document of one call with this inside.
    static func call(_ status: String, _ inner: String = "", date: String = "2026-01-05T08:59:00Z") -> [Fact] {
        facts(
            "<status_report username=\"1234\"><call to=\"+33199000041\" status=\"\(status)\" call_id=\"30020\" "
                + "date=\"\(date)\">\(inner)</call></status_report>")
    }

    static func message(_ fact: Fact?) -> MessageReport? {
        guard case .message(let report)? = fact?.content else { return nil }
        return report
    }

    static func call(_ fact: Fact?) -> CallFact? {
        guard case .call(let call)? = fact?.content else { return nil }
        return call
    }

    static func kinds(_ facts: [Fact]) -> [String] {
        facts.compactMap { fact in
            guard case .unparsed(let input) = fact.content else { return nil }
            return input.kind
        }
    }
}
