package import CallModel

/// Turns what one source delivered into facts. Pure: the same delivery gives the same facts.
///
/// A decoder never fails: input it cannot read becomes an `unparsed` fact, because it was kept and somebody should
/// know.
package protocol DeliveryDecoder: Sendable {
    func decode(_ delivery: Delivery) -> DecodedDelivery
}

/// What one delivery holds.
package struct DecodedDelivery: Sendable, Equatable {
    package var facts: [Fact]
    /// For the sender of a webhook: what is wrong with its request.
    package var refusal: String?

    package init(facts: [Fact], refusal: String? = nil) {
        self.facts = facts
        self.refusal = refusal
    }

    /// Nothing could be made of the delivery.
    package static func unparsed(
        _ kind: String, _ detail: String, _ delivery: Delivery, refusal: String? = nil
    ) -> DecodedDelivery {
        DecodedDelivery(facts: [.unparsed(kind, detail, delivery)], refusal: refusal)
    }
}

extension Fact {
    /// Input that was not understood. Each occurrence counts, so its id holds the arrival time.
    package static func unparsed(_ kind: String, _ detail: String, _ delivery: Delivery) -> Fact {
        Fact(
            id: FactID(of: [delivery.source.description, "unparsed", kind, detail, "\(delivery.observed)"]),
            source: delivery.source, observed: delivery.observed,
            content: .unparsed(UnparsedInput(kind: kind, detail: detail)))
    }
}
