import BridgeDaemon
import CallModel
import EventJournal
import Foundation
import Logging
import Providers
import Replay
import ScratchDirectory
import Testing

/// What the journal knows to belong to a call is all that the call was made of.
struct CallDeliveriesTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures")

    static let fixtures: [String] = ((try? FileManager.default.subpathsOfDirectory(atPath: directory.path)) ?? [])
        .filter { $0.hasSuffix(".jsonl") && !$0.hasSuffix(".expected.jsonl") }.sorted()

    @Test func thereAreFixtures() { #expect(Self.fixtures.count > 300) }

    /// Of calls that are what they are because of one which shares no session with them: the line of ours at the other
    /// end is heard of in between, or the session changes while two stays of one caller are told apart. The last one
    /// begins with a word about an agent that was heard before there was a call.
    private static let dependent: Set<String> = [
        "keyyo/calls/internal-nobody-answers.jsonl", "keyyo/calls/internal-two-lines.jsonl",
        "ovh/line/internal-heard-of-after-the-summary.jsonl",
        "ovh/queue-and-line/caller-came-back-heard-after-the-next-offer.jsonl",
        "ovh/queue-and-line/switchboard-two-stays-line-first.jsonl",
        "ovh/queue-and-line/switchboard-two-stays-one-unexplained.jsonl",
        "ovh/queue/failure-heard-before-its-offer.jsonl",
    ]

    /// The journal has the recording as a daemon would, and gives out what `capture --call` asks for.
    @Test(arguments: fixtures.filter { !dependent.contains($0) })
    func theDeliveriesOfACallAloneMakeIt(_ fixture: String) throws {
        let bytes = Array(try Data(contentsOf: Self.directory.appending(path: fixture)))
        let recording = try RecordingReader.read(bytes)
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let path = scratch.path("journal.sqlite")
        let journal = try EventJournal(path: path, now: Recording.start)
        let settings = try feed(recording, to: journal)
        for call in try journal.calls(CallQuery(limit: 100)) {
            let ids = try journal.deliveries(behind: call.id)
            let first = try #require(ids.first, "\(call.id)")
            var alone = Recording()
            alone.limits = recording.limits
            alone.entries = settings
            for (source, lines) in try journal.ownLines(before: first) { alone.entries.append(.lines(source, lines)) }
            alone.entries += try journal.deliveries(ids[...]).deliveries.map { .delivery($0) }
            let told = try journal.history(of: call.id).map { Self.withoutPlace($0.event.bytes) }
            let again = Replayer.events(of: alone).filter { $0.subject == call.id.rawValue }
            #expect(told == again.map { Self.withoutPlace(Replayer.line($0, seq: 1)) }, "\(call.id)")
        }
    }

    private func feed(_ recording: Recording, to journal: EventJournal) throws -> [Recording.Entry] {
        var decoders: [SourceName: any DeliveryDecoder] = [:]
        var settings: [Recording.Entry] = []
        var processor = try BatchProcessor(
            journal: journal, limits: recording.limits, now: Recording.start,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var last = Recording.start
        for entry in recording.entries {
            switch entry {
            case .settings(let source, let decoder):
                decoders[source] = decoder
                settings.append(entry)
            case .lines: break
            case .delivery(let delivery):
                last = max(last, delivery.observed)
                _ = try processor.process(
                    [(delivery, nil)], decoders: decoders, now: delivery.observed, isBeat: false)
            }
        }
        _ = try processor.process([], decoders: decoders, now: last.advanced(by: .days(2)), isBeat: false)
        return settings
    }

    /// The outcome and the times, without the place in the stream.
    private static func withoutPlace(_ line: [UInt8]) -> String {
        let text = String(decoding: line, as: UTF8.self)
        return text.replacing(/"(seq|epoch)":("[0-9a-f]+"|[0-9]+),/, with: "")
    }
}
