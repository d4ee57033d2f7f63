package import CallModel

/// What came of our requests, as deliveries. Each is kept before whoever asked is answered.
///
/// Placements have the attributes of `PlacementReports`, and `code` (the provider's `status_code`); guests of a
/// conference `conference` and `remaining` (ms until its end), messages an id that begins with `m` instead of a call's.
package enum OrangeReports {
    /// Where a guest is called to.
    package struct Seat: Sendable, Hashable {
        package var conference: String
        /// Until the conference ends; nil where that is not known.
        package var remaining: Span?

        package init(conference: String, remaining: Span? = nil) {
            self.conference = conference
            self.remaining = remaining
        }
    }

    /// What came of `createCall`, or of `callGuest` where there is a `seat`.
    package static func placement(
        _ result: PlacementResult, call: CallID, to: String?, from: String?, seat: Seat? = nil, body: [UInt8],
        source: SourceName, observed: Timestamp
    ) -> Delivery {
        var delivery = PlacementReports.delivery(
            result, call: call, to: to, from: from, body: body, source: source, observed: observed)
        delivery.attributes["conference"] = seat?.conference
        delivery.attributes["remaining"] = seat?.remaining.map { String($0.milliseconds) }
        return delivery
    }

    /// Of `createConference` and `addCaller`, which are about no call.
    package static func order(
        _ verb: String, _ result: PlacementResult, conference: String?, body: [UInt8], source: SourceName,
        observed: Timestamp
    ) -> Delivery {
        var delivery = PlacementReports.delivery(
            result, call: CallID(rawValue: ""), to: nil, from: nil, body: body, source: source, observed: observed)
        delivery.attributes["call"] = nil
        delivery.attributes["order"] = verb
        delivery.attributes["conference"] = conference
        return delivery
    }

    /// What came of `releaseCall`, refusals too: the stream tells those.
    package static func release(
        _ callID: String, _ result: PlacementResult, body: [UInt8], source: SourceName, observed: Timestamp
    ) -> Delivery {
        var delivery = PlacementReports.delivery(
            result, call: CallID(rawValue: ""), to: nil, from: nil, body: body, source: source, observed: observed)
        delivery.kind = .hangup
        delivery.attributes["call"] = nil
        delivery.attributes["callid"] = callID
        return delivery
    }

    /// A reply of `getHistory`.
    package static func history(
        of message: String, callID: String, body: [UInt8], source: SourceName, observed: Timestamp
    ) -> Delivery {
        Delivery(
            source: source, observed: observed, kind: .status, body: body,
            attributes: ["message": message, "callid": callID])
    }

    /// The parameter by which the notifications of one call name it as we do.
    package static func marker(of call: CallID) -> String {
        "\(OrangeWebhook.marker)=\(percentEncoded(call.rawValue))"
    }

    /// Whether an id of ours is that of a message and not of a call.
    package static func isMessage(_ id: String) -> Bool { id.hasPrefix("m") }
}
