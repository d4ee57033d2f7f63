package import CallModel

/// Reads OVH telephony events (OVH guide "Documentation technique CTI"; version 2 as seen in public clients).
///
/// A reply may be an envelope (`Session`, `Message`, `Events`), a bare array or a bare event, with capitalised or
/// lower-case top keys: public clients show every mixture, so all are read everywhere.
package struct OVHDecoder: DeliveryDecoder {
    /// What the configuration of a source says about reading it.
    package struct Settings: Sendable, Hashable {
        package var numbers: NumberPlan
        /// Whether SIP registrations become `line.registered`. They come once a minute and phone.
        package var tellsRegistrations: Bool

        package init(numbers: NumberPlan, tellsRegistrations: Bool = false) {
            self.numbers = numbers
            self.tellsRegistrations = tellsRegistrations
        }
    }

    package let settings: Settings

    package init(settings: Settings) {
        self.settings = settings
    }

    package func decode(_ delivery: Delivery) -> DecodedDelivery {
        if delivery.kind == .health { return HealthReports.decode(delivery) }
        // What an idle poll brings is documented nowhere; nothing is certainly nothing.
        if delivery.body.isEmpty { return DecodedDelivery(facts: []) }
        guard let reply = OVHReply(delivery.body) else {
            return .unparsed("unknown reply", "a poll reply that is neither JSON nor of a known shape", delivery)
        }
        return DecodedDelivery(facts: reply.events.flatMap { decode($0, delivery) })
    }

    private func decode(_ event: OVHEvent, _ delivery: Delivery) -> [Fact] {
        switch event.kind {
        case .line: decodeLine(event, delivery)
        case .queue: decodeQueue(event, delivery)
        case .other(let word): [.unparsed("unknown event", word, delivery)]
        }
    }

    func party(_ value: String?, name: String? = nil, line: String? = nil) -> Party? {
        guard let value else { return nil }
        return settings.numbers.party(value, notation: .prefixed, name: name, line: line)
    }

    /// A number as part of an identity: normalised, so that a number spelt differently is the same line.
    func identity(_ value: String?) -> String {
        guard let value else { return "" }
        return settings.numbers.party(value, notation: .prefixed).number ?? value
    }
}
