package import CallModel
import Providers

/// Tells where two versions of one recording come apart.
package enum RecordingComparison {
    /// The first delivery, counted from 1, of which something else is read in `other`; nil where it is none alone.
    package static func firstDifference(
        _ recording: Recording, _ other: Recording
    ) -> (number: Int, delivery: Delivery)? {
        let pairs = zip(readings(recording), readings(other))
        guard let place = pairs.enumerated().first(where: { $1.0 != $1.1 })?.offset else { return nil }
        return (place + 1, recording.deliveries[place])
    }

    /// Of each delivery what is made of it, without numbers and names.
    private static func readings(_ recording: Recording) -> [[String]] {
        var decoders: [SourceName: any RecordableDecoder] = [:]
        var readings: [[String]] = []
        for entry in recording.entries {
            switch entry {
            case .settings(let source, let decoder): decoders[source] = decoder
            case .lines: break
            case .delivery(let delivery):
                readings.append(decoders[delivery.source]?.decode(delivery).facts.map(reading) ?? [])
            }
        }
        return readings
    }

    private static func reading(_ fact: Fact) -> String {
        let words = [fact.words.event ?? "-", fact.time?.description ?? "-"]
        switch fact.content {
        case .call(let call):
            let kinds = [call.remote, call.local, call.dialed, call.divertedBy].map { $0?.kind.rawValue ?? "-" }
            return (words + [call.step.name, call.direction.rawValue] + kinds).joined(separator: " ")
        case .message(let report):
            let kinds = [report.remote, report.local].map { $0?.kind.rawValue ?? "-" }
            return (words + ["message", report.medium] + kinds).joined(separator: " ")
        case .unparsed(let input): return "unparsed \(input.kind)"
        case .queueCount: return "queue"
        case .lineRegistered: return "line"
        case .health(let report): return report.change.rawValue
        }
    }
}
