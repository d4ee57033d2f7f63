package import CallModel

/// A conference or a text to be ordered.
package enum OrderRequest: Sendable, Hashable {
    case createConference(source: String, access: String, numbers: [String], minutes: Int, start: Timestamp?)
    case addCallers(source: String, conference: String, numbers: [String])
    case callGuests(source: String, conference: String, numbers: [String])
    case sendMessage(source: String, to: String, text: String, from: String?)

    /// The same key makes the daemon do it once, however often it is asked; letting callers in needs none.
    package func apiRequest(idempotencyKey: String) -> APIRequest {
        var json = JSONWriter()
        json.object { json in
            switch self {
            case .createConference(let source, let access, let numbers, let minutes, let start):
                json.field("source", source)
                json.field("access", access)
                if !numbers.isEmpty { Self.write(numbers, &json) }
                json.field("duration_minutes", Int64(minutes))
                json.field("start", start)
            case .addCallers(let source, _, let numbers), .callGuests(let source, _, let numbers):
                json.field("source", source)
                Self.write(numbers, &json)
            case .sendMessage(let source, let to, let text, let from):
                json.field("source", source)
                json.field("to", to)
                json.field("text", text)
                json.field("from", from)
            }
        }
        return APIRequest(.post, path, body: json.bytes, idempotencyKey: idempotencyKey)
    }

    private static func write(_ numbers: [String], _ json: inout JSONWriter) {
        json.array("numbers") { json in numbers.forEach { json.string($0) } }
    }

    private var path: [String] {
        switch self {
        case .createConference: ["v1", "conferences"]
        case .addCallers(_, let conference, _): ["v1", "conferences", conference, "callers"]
        case .callGuests(_, let conference, _): ["v1", "conferences", conference, "calls"]
        case .sendMessage: ["v1", "messages"]
        }
    }
}
