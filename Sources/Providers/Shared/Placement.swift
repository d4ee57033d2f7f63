package import CallModel

/// How a provider answered our request for a call.
package enum PlacementResult: Sendable, Equatable {
    case accepted
    /// An explicit no: nothing rings, and trying again is safe.
    case refused(status: Int?, text: String, isBarred: Bool)
    /// Not sent: it makes no sense to the provider as it was asked for. The text is for whoever asked, without a full
    /// number.
    case unfit(String)
    /// Nothing rings, and the same request may come again: the provider asks to come back later, or nobody may be asked
    /// now.
    case comeBackLater
    /// The request cannot have reached the provider: nothing rings, and trying again is safe. The text says why.
    case unreachable(String)
    /// No answer, or none that can be understood: a phone may be ringing. Never repeated.
    case unknown(String)

    /// No whole reply came. Only what cannot have reached the provider is a plain failure.
    package init(_ failure: HTTPFailure) {
        self =
            failure.mayHaveBeenSent
            ? .unknown(failure.description)
            : .unreachable(failure.description)
    }

    /// The same without secrets in the provider's words, which people read.
    package func scrubbed(by scrubber: SecretScrubber) -> PlacementResult {
        switch self {
        case .accepted, .comeBackLater, .unfit: self
        case .refused(let status, let text, let isBarred):
            .refused(status: status, text: scrubber.scrub(text), isBarred: isBarred)
        case .unreachable(let reason): .unreachable(scrubber.scrub(reason))
        case .unknown(let reason): .unknown(scrubber.scrub(reason))
        }
    }

    /// What the provider says in an error, else its status. At most 300 characters.
    package static func text(of reply: HTTPReply) -> String { words(of: reply) ?? reply.statusText }

    /// The status of an error, and what the provider says about it.
    package static func reason(of reply: HTTPReply) -> String {
        guard let words = words(of: reply) else { return reply.statusText }
        return "HTTP \(reply.status): \(words)"
    }

    /// Plain text, or JSON with one of several keys; nil where the reply says nothing, as `{}`, `{"detail": ""}` or a
    /// page.
    private static func words(of reply: HTTPReply) -> String? {
        if let json = JSONValue.read(reply.body) {
            if isSilent(json) { return nil }
            if let text = json.text { return String(text.prefix(300)) }
            for key in ["description", "error_message", "detail", "message", "error"] {
                if let text = json.object?[key]?.text { return String(text.prefix(300)) }
            }
        }
        let text = decodeText(Array(reply.body.prefix(1_200))).split(whereSeparator: \.isNewline).first.map(String.init)
        let line = String((text ?? "").prefix(300))
        // A page for browsers, as of a gateway: its first line says nothing to anybody.
        let isPage = line.drop(while: \.isWhitespace).hasPrefix("<")
        return isPage || line.allSatisfy(\.isWhitespace) ? nil : line
    }

    private static func isSilent(_ json: JSONValue) -> Bool {
        switch json {
        case .object(let members): members.values.allSatisfy(isSilent)
        case .array(let items): items.allSatisfy(isSilent)
        default: json.text == nil
        }
    }
}

/// The end of a request for a call, as a delivery and back.
///
/// Attributes: `call` our id of it, `to`, `from`, `text`, `status` of a refusal, `result` (`accepted`, `later`,
/// `refused`, `barred`, `unfit`, `unreachable`, `unknown`, `followed`).
package struct PlacementReports: Sendable {
    let numbers: NumberPlan
    let notation: NumberPlan.Notation

    package init(numbers: NumberPlan, notation: NumberPlan.Notation) {
        self.numbers = numbers
        self.notation = notation
    }

    package static func delivery(
        _ result: PlacementResult, call: CallID, to: String?, from: String?, body: [UInt8], source: SourceName,
        observed: Timestamp
    ) -> Delivery {
        var attributes = ["call": call.rawValue]
        attributes["to"] = to
        attributes["from"] = from
        switch result {
        case .accepted: attributes["result"] = "accepted"
        case .comeBackLater: attributes["result"] = "later"
        case .refused(let status, let text, let isBarred):
            attributes["result"] = isBarred ? "barred" : "refused"
            attributes["text"] = text
            attributes["status"] = status.map { String($0) }
        case .unfit(let text):
            attributes["result"] = "unfit"
            attributes["text"] = text
        case .unreachable(let reason):
            attributes["result"] = "unreachable"
            attributes["text"] = reason
        case .unknown(let reason):
            attributes["result"] = "unknown"
            attributes["text"] = reason
        }
        return Delivery(
            source: source, observed: observed, kind: .placement, body: body, attributes: attributes)
    }

    /// Somebody else placed the call; from now on we follow it. `body` names it as a reply to a placement would.
    package static func tracking(call: CallID, body: [UInt8], source: SourceName, observed: Timestamp) -> Delivery {
        Delivery(
            source: source, observed: observed, kind: .placement, body: body,
            attributes: ["call": call.rawValue, "result": "followed"])
    }

    /// - Parameter keys: how the provider named the call in its reply.
    func decode(
        _ delivery: Delivery, keys: (Delivery) -> (keys: [CallKey], callid: String?, local: Party?)
    ) -> DecodedDelivery {
        guard let id = delivery.attributes["call"] else { return .unparsed("placement without a call", "", delivery) }
        let call = CallID(rawValue: id)
        let named = keys(delivery)
        let key = CallKey(delivery.source, "placement", id)
        var placed = CallFact(reference: .keys([key] + named.keys), step: .placed(call), direction: .outbound)
        // What a person typed is not in the provider's notation.
        placed.remote = delivery.attributes["to"].map { numbers.party($0, notation: .prefixed) }
        placed.handle = named.callid
        placed.local = named.local ?? delivery.attributes["from"].map { numbers.party($0, notation: notation) }
        let text = delivery.attributes["text"]
        let hasFailed = ["refused", "barred", "unfit", "unreachable"].contains(delivery.attributes["result"])
        // A notification of it may have been faster than the answer. Of a call that failed none comes: it must not be
        // taken for another one between the same numbers, which would end with it.
        placed.mayBePlaced = !hasFailed
        var facts: [Fact] = []
        func append(_ content: CallFact, _ word: String) {
            facts.append(
                Fact(
                    id: FactID(of: [delivery.source.description, "placement", id, word]), source: delivery.source,
                    observed: delivery.observed, words: ProviderWords(call: named.callid), content: .call(content)))
        }
        switch delivery.attributes["result"] {
        case "followed":
            placed.step = .followed(call)
            append(placed, "placed")
        case "unknown":
            placed.inference = "the provider's answer to our request is not known: \(text ?? "")"
            append(placed, "placed")
        case let result? where hasFailed:
            // There never was a call: its end is all there is to tell.
            var ended = placed
            ended.asked = call
            let code = ["unreachable", "unfit"].contains(result) ? result : "refused"
            ended.step = .ended(
                CallFact.Ending(
                    outcome: result == "barred" ? .blocked : .failed,
                    cause: Cause(code: code, by: result == "unfit" ? .local : .network, raw: text)))
            append(ended, code)
        default: append(placed, "placed")
        }
        return DecodedDelivery(facts: facts)
    }
}
