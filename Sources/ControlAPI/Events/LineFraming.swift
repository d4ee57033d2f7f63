import CallModel
import NIOCore

/// How lines are put on the wire.
enum LineFraming: Sendable, Hashable {
    /// A line as it stands.
    case lines
    /// Server-Sent Events (WHATWG HTML, section 9.2): `id:` is the cursor to resume after, `event:` the type.
    case serverSentEvents

    /// SSE where the client names it, else lines: a client that names neither is a person with `curl`.
    init(accept: String?) {
        let names = (accept ?? "").lowercased().split(separator: ",").map { range in
            range.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        }
        self = names.contains("text/event-stream") ? .serverSentEvents : .lines
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
