import CallModel
import FoundationEssentials
import Providers

/// Reads recordings line by line, strictly.
package struct RecordingReader: Sendable {
    private let country: String?
    private let decoders: RecordedDecoders
    private var known: Set<SourceName> = []
    private var line = 0
    private var hasHeader = false
    /// What the lines that were taken so far hold.
    package private(set) var recording = Recording()

    /// - Parameters:
    ///   - country: of the sources for which the file names none.
    ///   - decoders: those that the file may name.
    package init(country: String? = "FR", decoders: RecordedDecoders = .shipped) {
        self.country = country
        self.decoders = decoders
    }

    /// A whole file. Throws at the first line that cannot be used: half a recording would replay to other events.
    package static func read(
        _ bytes: [UInt8], country: String? = "FR", decoders: RecordedDecoders = .shipped
    ) throws(RecordingFault) -> Recording {
        var reader = RecordingReader(country: country, decoders: decoders)
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            try reader.take(Array(line))
        }
        return reader.recording
    }

    /// The next line, without its line break. Empty ones are passed over.
    package mutating func take(_ bytes: [UInt8]) throws(RecordingFault) {
        line += 1
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return }
        guard let object = (try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)))?.object else {
            throw fault("no JSON object; is this a recording of ctibridge, and whole?")
        }
        if let version = object["recording"] {
            guard version == .integer(Recording.version) else {
                throw fault("a recording of a version that is not known here; this program knows \(Recording.version)")
            }
            guard known.isEmpty, !hasHeader else {
                throw fault("this line is the first of a recording; one file holds one recording")
            }
            hasHeader = true
            if let model = object["model"] { recording.limits = try limits(model) }
            return
        }
        guard let source = object["source"]?.text.flatMap({ SourceName($0) }) else {
            throw fault("\"source\" is missing or not of the form provider/name")
        }
        if object["settings"] != nil {
            guard let settings = object["settings"]?.object else { throw fault("\"settings\" is no object") }
            try use(settings, of: source)
            if let lines = object["lines"] {
                guard let lines = lines.array else { throw fault("\"lines\" is no list") }
                recording.entries.append(.lines(source, lines.compactMap(\.text)))
            }
            return
        }
        if !known.contains(source) { try use([:], of: source) }
        recording.entries.append(.delivery(try delivery(object, source)))
    }

    /// What was read since the last time, for those who do not keep all of a long recording.
    package mutating func takeEntries() -> [Recording.Entry] {
        defer { recording.entries.removeAll(keepingCapacity: true) }
        return recording.entries
    }

    private mutating func use(_ settings: [String: JSONValue], of source: SourceName) throws(RecordingFault) {
        do throws(SettingsReader.Fault) {
            let decoder = try decoders.decoder(for: source, settings: settings, country: country)
            recording.entries.append(.settings(source, decoder))
            known.insert(source)
        } catch {
            throw fault(error.message)
        }
    }

    private func delivery(_ object: [String: JSONValue], _ source: SourceName) throws(RecordingFault) -> Delivery {
        let fields: Set<String> = ["at", "source", "kind", "body", "body_base64", "attributes"]
        if let unknown = object.keys.sorted().first(where: { !fields.contains($0) }) {
            throw fault("\"\(unknown.prefix(64))\" is no field of a delivery")
        }
        guard let kind = object["kind"]?.text.flatMap(Delivery.Kind.init(rawValue:)) else {
            throw fault("\"kind\" is missing or not one of poll, status, webhook, placement, hangup, health")
        }
        let observed: Timestamp
        switch object["at"] {
        case .integer(let offset)? where (0...Recording.latest.milliseconds).contains(offset):
            observed = Recording.start.advanced(by: .milliseconds(offset))
        case .string(let text)?:
            guard let time = Timestamp(rfc3339: text) else { throw fault("\"at\" is no RFC 3339 time") }
            observed = time
        default: throw fault("\"at\" is missing, or neither RFC 3339 nor milliseconds")
        }
        guard observed <= Recording.latest else { throw fault("\"at\" is past \(Recording.latest)") }
        var attributes: [String: String] = [:]
        if let given = object["attributes"] {
            guard let values = given.object else { throw fault("\"attributes\" is no object") }
            for (name, value) in values {
                // An empty text is a value of its own here.
                if case .string(let text) = value { attributes[name] = text } else { attributes[name] = value.text }
            }
        }
        return Delivery(
            source: source, observed: observed, kind: kind, body: try body(object), attributes: attributes)
    }

    private func body(_ object: [String: JSONValue]) throws(RecordingFault) -> [UInt8] {
        if let text = object["body_base64"] {
            guard object["body"] == nil, let data = text.text.flatMap({ Data(base64Encoded: $0) }) else {
                throw fault("\"body_base64\" is no base64, or stands beside \"body\"")
            }
            return Array(data)
        }
        switch object["body"] {
        case nil: return []
        case .string(let text)?: return Array(text.utf8)
        case let json?: return json.sortedBytes
        }
    }

    private func limits(_ model: JSONValue) throws(RecordingFault) -> TrackerLimits {
        var limits = TrackerLimits()
        guard let fields = model.object else { throw fault("\"model\" is no object") }
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            guard let path = RecordingWriter.limits.first(where: { $0.name == name })?.path else {
                throw fault("\"\(name.prefix(64))\" is no limit of the model")
            }
            guard case .integer(let count) = value, (0...Recording.longestLimit.milliseconds).contains(count) else {
                throw fault("\"\(name)\" is a number of milliseconds, \(Recording.longestLimit.milliseconds) at most")
            }
            limits[keyPath: path] = .milliseconds(count)
        }
        return limits
    }

    private func fault(_ message: String) -> RecordingFault { RecordingFault(line: line, message) }
}
