package import CallModel

/// What the bridge itself finds out about a source travels the same way as what the provider says: as a delivery, so
/// that a recording holds it too.
package enum HealthReports {
    package static func delivery(_ report: SourceReport, source: SourceName, observed: Timestamp) -> Delivery {
        var attributes = ["change": report.change.rawValue, "reason": report.reason]
        attributes["from"] = report.from.map { String($0.milliseconds) }
        attributes["to"] = report.to.map { String($0.milliseconds) }
        return Delivery(source: source, observed: observed, kind: .health, attributes: attributes)
    }

    package static func decode(_ delivery: Delivery) -> DecodedDelivery {
        func time(_ name: String) -> Timestamp? {
            delivery.attributes[name].flatMap(Int64.init).map(Timestamp.init(milliseconds:))
        }
        guard let change = delivery.attributes["change"].flatMap(SourceReport.Change.init(rawValue:)) else {
            return .unparsed("health report without a change", "", delivery)
        }
        let reason = delivery.attributes["reason"] ?? ""
        let report = SourceReport(change: change, reason: reason, from: time("from"), to: time("to"))
        let id = FactID(of: [delivery.source.description, "health", change.rawValue, reason, "\(delivery.observed)"])
        return DecodedDelivery(
            facts: [
                Fact(id: id, source: delivery.source, observed: delivery.observed, content: .health(report))
            ])
    }
}
