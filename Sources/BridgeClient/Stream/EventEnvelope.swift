package import CallModel

/// The fields of a line that decide what becomes of it; the rest of the line is not looked at.
package struct EventEnvelope: Sendable, Hashable {
    package let type: String
    /// Where the event is in the journal; nil for `stream.*` lines.
    package let cursor: Cursor?
    package let epoch: String?
    /// `data` of a `stream.*` line.
    package let streamData: JSONValue?

    package var isStreamLine: Bool { type.hasPrefix("stream.") }

    /// Reads the beginning of a line: of an event, only what comes before `data`.
    package init(line: ArraySlice<UInt8>) throws(ClientFailure) {
        var type: String?
        var seq: Int64?
        var epoch: String?
        var data: JSONValue?
        var reader = JSONReader(line)
        do {
            try reader.object { reader, name throws(JSONReader.Malformed) in
                switch name {
                case "type": type = try reader.value().string
                case "seq": seq = try reader.value().integer
                case "epoch": epoch = try reader.value().string
                case "data" where type?.hasPrefix("stream.") == true: data = try reader.value()
                default: try reader.skipValue()
                }
                return type == nil || seq == nil || epoch == nil
            }
        } catch {
            throw .protocolViolation("the daemon sent a line that is no JSON object (byte \(error.offset))")
        }
        guard let type else { throw .protocolViolation("the daemon sent a line without a type") }
        self.type = type
        self.epoch = epoch
        streamData = data
        if let seq, let epoch { cursor = Cursor(epoch: epoch, seq: seq) } else { cursor = nil }
    }

    /// A cursor among `data` of a `stream.*` line: written whole (`"epoch:seq"`) or as a number in the line's epoch.
    package func cursor(named name: String) -> Cursor? {
        switch streamData?[name] {
        case .string(let text): Cursor(text)
        case .integer(let seq) where seq >= 0: epoch.map { Cursor(epoch: $0, seq: seq) }
        default: nil
        }
    }
}
