import CallModel
import FoundationEssentials
import Providers
import Testing

/// One recorded conversation with a provider and the stream it must give.
///
/// `Tests/Fixtures/<provider>/<family>/<scenario>.jsonl` holds one delivery a line:
/// `{"at": …, "source": "ovh/paris", "kind": "poll", "body": …, "attributes": {…}}`. `at` is the arrival in ms after
/// `Fixture.start`, or RFC 3339. `body` is JSON as it stands, or a string with the bytes. Beside it
/// `<scenario>.expected.jsonl` holds the lines of the stream, of a journal with the epoch `f1c70e`, up to the day
/// after the last delivery, so that every call has its summary.
///
/// `CTIBRIDGE_RECORD_FIXTURES=1 swift test --filter ProvidersTests` writes the expected files anew. Read every line of
/// the difference against `docs/events.md` before keeping it.
struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String
    let deliveries: [Delivery]
    let expectedFile: URL

    var testDescription: String { name }

    /// 2026-01-05T09:00:00Z, a Monday.
    static let start = Timestamp(milliseconds: 1_767_603_600_000)
    static let epoch = "f1c70e"
    static let isRecording = ProcessInfo.processInfo.environment["CTIBRIDGE_RECORD_FIXTURES"] == "1"

    static let directory = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// All that are there, by name. A file that cannot be read is a fixture without deliveries, which fails its test.
    static let all: [Fixture] = {
        let files = (try? FileManager.default.subpathsOfDirectory(atPath: directory.path)) ?? []
        return files.filter { $0.hasSuffix(".jsonl") && !$0.hasSuffix(".expected.jsonl") }.sorted().map { path in
            let name = String(path.dropLast(".jsonl".count))
            let file = directory.appending(path: path)
            let bytes = (try? Data(contentsOf: file)) ?? Data()
            let lines = bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
            let deliveries = lines.compactMap(delivery)
            return Fixture(
                name: name, deliveries: deliveries.count == lines.count ? deliveries : [],
                expectedFile: directory.appending(path: name + ".expected.jsonl"))
        }
    }()

    private static func delivery(_ line: [UInt8]) -> Delivery? {
        guard let object = JSONValue.read(line)?.object,
            let source = object["source"]?.text.flatMap({ SourceName($0) }),
            let kind = object["kind"]?.text.flatMap(Delivery.Kind.init(rawValue:))
        else { return nil }
        let observed: Timestamp
        switch object["at"] {
        case .integer(let offset)?: observed = start.advanced(by: .milliseconds(offset))
        case .string(let text)?:
            guard let time = Timestamp(rfc3339: text) else { return nil }
            observed = time
        default: return nil
        }
        var body: [UInt8] = []
        switch object["body"] {
        case nil: break
        case .string(let text)?: body = Array(text.utf8)
        case let json?: write(json, to: &body)
        }
        return Delivery(
            source: source, observed: observed, kind: kind, body: body,
            attributes: (object["attributes"]?.object ?? [:]).compactMapValues(\.text))
    }

    private static func write(_ json: JSONValue, to bytes: inout [UInt8]) {
        func separated<Element>(_ elements: [Element], _ open: String, _ close: String, _ write: (Element) -> Void) {
            bytes += Array(open.utf8)
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(element)
            }
            bytes += Array(close.utf8)
        }
        func string(_ text: String) {
            var writer = JSONWriter()
            writer.string(text)
            bytes += writer.bytes
        }
        switch json {
        case .string(let text): string(text)
        case .integer(let value): bytes += Array(String(value).utf8)
        case .double(let value): bytes += Array(String(value).utf8)
        case .bool(let value): bytes += Array(String(value).utf8)
        case .null: bytes += Array("null".utf8)
        case .array(let items): separated(items, "[", "]") { write($0, to: &bytes) }
        case .object(let fields):
            separated(fields.sorted { $0.key < $1.key }, "{", "}") { field in
                string(field.key)
                bytes.append(UInt8(ascii: ":"))
                write(field.value, to: &bytes)
            }
        }
    }
}
