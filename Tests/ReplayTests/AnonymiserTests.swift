import CallModel
import FoundationEssentials
import Providers
import Replay
import Testing

/// What `--anonymise` gives away nothing and changes nothing that matters.
struct AnonymiserTests {
    struct Named: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        var testDescription: String { name }
    }

    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// Every fixture of every provider.
    static let fixtures: [Named] = {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: directory.path)) ?? []
        return paths.filter { $0.hasSuffix(".jsonl") && !$0.hasSuffix(".expected.jsonl") }.sorted().map { path in
            Named(name: path, bytes: (try? Data(contentsOf: directory.appending(path: path))).map { Array($0) } ?? [])
        }
    }()

    @Test(arguments: fixtures)
    func replaysToTheSame(_ fixture: Named) throws {
        let recording = try RecordingReader.read(fixture.bytes)
        let hidden = Anonymiser.anonymised(recording, key: "test")
        #expect(RecordingOutline(hidden) == RecordingOutline(recording))
        #expect(hidden.deliveries.map(\.observed) == recording.deliveries.map(\.observed))
    }

    @Test(arguments: fixtures)
    func holdsNoneOfTheNumbers(_ fixture: Named) throws {
        let recording = try RecordingReader.read(fixture.bytes)
        let hidden = Anonymiser.anonymised(recording, key: "test")
        let kept = Self.numbers(recording).intersection(Self.numbers(hidden))
        #expect(kept.isEmpty)
    }

    @Test(arguments: fixtures)
    func isTheSameForOneKeyAndWritesWhatItReads(_ fixture: Named) throws {
        let recording = try RecordingReader.read(fixture.bytes)
        let once = RecordingWriter.bytes(Anonymiser.anonymised(recording, key: "one"))
        #expect(once == RecordingWriter.bytes(Anonymiser.anonymised(recording, key: "one")))
        #expect(RecordingWriter.bytes(try RecordingReader.read(once)) == once)
        #expect(
            Replayer.events(of: try RecordingReader.read(RecordingWriter.bytes(recording)))
                == Replayer.events(of: recording))
    }

    /// The text without what people set digits apart with, so that every notation of a number is found by its end.
    private static func digits(_ delivery: Delivery) -> String {
        ([decodeText(delivery.body)] + delivery.attributes.values).joined(separator: "|")
            .replacing("%20", with: " ").replacing("%2B", with: "+").filter { !" .()-/".contains($0) }
    }

    /// The digits that all notations of a number have in common, of every number in sight.
    private static func numbers(_ recording: Recording) -> Set<String> {
        var numbers: Set<String> = []
        for text in recording.deliveries.map(digits) {
            for match in text.matches(of: /(?:^|[^0-9])(?:\+33|\+31|\+|0033|0031|00|0|33|31)([1-9][0-9]{8})(?![0-9])/) {
                numbers.insert(String(match.1))
            }
        }
        return numbers
    }
}
