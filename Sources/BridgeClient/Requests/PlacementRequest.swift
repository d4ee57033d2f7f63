import CallModel

/// A call to be placed, or one that somebody else placed to be followed.
package enum PlacementRequest: Sendable, Hashable {
    case dial(source: String, to: String, from: String?, name: String?, autoAnswer: Bool)
    case track(source: String, call: String)

    /// The request; the same key makes the daemon place the call once, however often it is asked.
    package func apiRequest(idempotencyKey: String) -> APIRequest {
        var json = JSONWriter()
        json.object { json in
            switch self {
            case .dial(let source, let to, let from, let name, let autoAnswer):
                json.field("source", source)
                json.field("to", to)
                json.field("from", from)
                json.field("name", name)
                json.field("auto_answer", autoAnswer ? true : nil)
            case .track(let source, let call):
                json.field("source", source)
                json.field("track", call)
            }
        }
        return APIRequest(.post, ["v1", "calls"], body: json.bytes, idempotencyKey: idempotencyKey)
    }

    /// 32 random hex digits.
    package static func newIdempotencyKey() -> String {
        (0..<4).map { _ in
            let digits = String(UInt32.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }
}
