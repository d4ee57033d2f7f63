package import CallModel
import FoundationEssentials
package import Providers

/// Writes the lines of a recording, each with its line break.
package enum RecordingWriter {
    /// The limits of the model under the names they have in a recording.
    static var limits: [(name: String, path: WritableKeyPath<TrackerLimits, Span>)] {
        [
            ("settle_ms", \.settle), ("max_initiated_ms", \.maxInitiated), ("max_ringing_ms", \.maxRinging),
            ("max_queued_ms", \.maxQueued), ("max_connected_ms", \.maxConnected), ("forget_ms", \.forget),
            ("forget_lost_ms", \.forgetLost), ("placement_match_ms", \.placementMatch),
        ]
    }

    /// - Parameter missing: deliveries that should be in the recording and are no longer kept.
    package static func header(_ limits: TrackerLimits, missing: Int = 0) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("recording", Recording.version)
            json.field("by", "ctibridge \(ctibridgeVersion)")
            json.object("model") { json in
                for (name, path) in Self.limits { json.field(named: name, limits[keyPath: path].milliseconds) }
            }
            if missing > 0 { json.field("missing", Int64(missing)) }
        }
        return json.line()
    }

    /// All of a recording.
    package static func bytes(_ recording: Recording) -> [UInt8] {
        var bytes = header(recording.limits)
        for (index, entry) in recording.entries.enumerated() {
            switch entry {
            case .settings(let source, let decoder):
                var known: [String] = []
                if index + 1 < recording.entries.count, case .lines(source, let lines) = recording.entries[index + 1] {
                    known = lines
                }
                bytes += settings(of: source, decoder, lines: known)
            case .lines: break  // Stand with the settings.
            case .delivery(let delivery): bytes += line(delivery)
            }
        }
        return bytes
    }

    /// The line that says how the deliveries of a source are to be read; with its line break, as `line` is.
    package static func settings(
        of source: SourceName, _ decoder: any RecordableDecoder, lines: [String] = []
    ) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("source", source.description)
            json.object("settings") { json in
                json.field("country", decoder.plan.country ?? "")
                decoder.writeSettings(to: &json)
            }
            if !lines.isEmpty { json.array("lines") { json in lines.forEach { json.string($0) } } }
        }
        return json.line()
    }

    /// A body that is no UTF-8 goes as Base64, so that it comes back byte for byte.
    package static func line(_ delivery: Delivery) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("at", delivery.observed)
            json.field("source", delivery.source.description)
            json.field("kind", delivery.kind.rawValue)
            if let text = String(validating: delivery.body, as: UTF8.self) {
                if !text.isEmpty { json.field("body", text) }
            } else {
                json.field("body_base64", Data(delivery.body).base64EncodedString())
            }
            if !delivery.attributes.isEmpty {
                json.object("attributes") { json in
                    for (name, value) in delivery.attributes.sorted(by: { $0.key < $1.key }) {
                        json.field(named: name, value)
                    }
                }
            }
        }
        return json.line()
    }
}
