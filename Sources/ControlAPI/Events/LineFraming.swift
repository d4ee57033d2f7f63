import CallModel
import NIOCore

/// How lines are put on the wire.
enum LineFraming: Sendable, Hashable {
    /// A line as it stands.
    case lines
    /// Server-Sent Events (WHATWG HTML, section 9.2): `id:` is the cursor to resume after, `event:` the type.
    case serverSentEvents

    /// SSE where the client names it and likes lines no better, else lines: a client that names neither is a person
    /// with `curl`. Weights are those of RFC 9110, section 12.4.2.
    init(accept: String?) {
        var weights: [String: Double] = [:]
        for range in (accept ?? "").lowercased().split(separator: ",") {
            let parts = range.split(separator: ";", omittingEmptySubsequences: false).map { part in
                part.filter { $0 != " " && $0 != "\t" }
            }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            weights[parts[0]] = max(weight, weights[parts[0]] ?? 0)
        }
        let events = weights["text/event-stream"] ?? 0
        let lines = weights["application/x-ndjson"] ?? weights["application/*"] ?? weights["*/*"] ?? 0
        self = events > 0 && events >= lines ? .serverSentEvents : .lines
    }

    var contentType: String {
        switch self {
        case .lines: "application/x-ndjson"
        case .serverSentEvents: "text/event-stream"
        }
    }

    /// - Parameters:
    ///   - line: with its line break; JSON, hence without any other.
    ///   - cursor: where a reader that has got this line goes on; nil: where it would have gone on before.
    func append(_ line: [UInt8], type: String, cursor: Cursor?, to buffer: inout ByteBuffer) {
        guard self == .serverSentEvents else {
            buffer.writeBytes(line)
            return
        }
        if let cursor { buffer.writeString("id: \(cursor)\n") }
        buffer.writeString("event: \(type)\ndata: ")
        buffer.writeBytes(line)
        buffer.writeString("\n")
    }
}
