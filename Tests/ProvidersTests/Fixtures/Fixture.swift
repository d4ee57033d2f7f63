import CallModel
import FoundationEssentials
import Providers
import Replay
import Testing

/// One recorded conversation with a provider and the stream it must give.
///
/// `Tests/Fixtures/<provider>/<family>/<scenario>.jsonl` is a `Recording`: what `ctibridge capture` writes and
/// `ctibridge replay` reads. Beside it `<scenario>.expected.jsonl` holds the lines of the stream, of a journal with the
/// epoch `f1c70e`, until every call has its summary.
///
/// `CTIBRIDGE_RECORD_FIXTURES=1 swift test --filter ProvidersTests` writes the expected files anew. Read every line of
/// the difference against `docs/events.md` before keeping it.
struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String
    let recording: Recording
    var deliveries: [Delivery] { recording.deliveries }
    let expectedFile: URL

    var testDescription: String { name }

    static let start = Recording.start
    static let epoch = Replayer.epoch
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
            let bytes = (try? Data(contentsOf: file)).map { Array($0) } ?? []
            return Fixture(
                name: name, recording: (try? RecordingReader.read(bytes)) ?? Recording(),
                expectedFile: directory.appending(path: name + ".expected.jsonl"))
        }
    }()

    /// What the fixtures say of their sources. The same source has the same settings in all of them.
    static let decoders: [SourceName: any RecordableDecoder] = {
        var decoders: [SourceName: any RecordableDecoder] = [:]
        for case .settings(let source, let decoder) in all.flatMap(\.recording.entries) { decoders[source] = decoder }
        return decoders
    }()
}
