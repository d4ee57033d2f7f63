import CallModel
import EventJournal
import Foundation
import GRDB
import Logging
import Providers
import ScratchDirectory
import Testing

@testable import BridgeDaemon

/// What the journal thread makes of a set clock and of a restart, with a real journal.
struct BatchProcessorTests {
    private static let start = Timestamp(milliseconds: 1_767_603_600_000)
    private static let source = SourceName(provider: "keyyo", name: "front-desk")
    private static let decoders: [SourceName: any DeliveryDecoder] = [
        source: KeyyoDecoder(settings: .init(numbers: NumberPlan(country: "FR")))
    ]

    private static let outage =
        "CREATE TRIGGER outage BEFORE INSERT ON deliveries BEGIN SELECT RAISE(ABORT, 'no room'); END"

    private func withJournal(_ body: (String) throws -> Void) throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let path = scratch.path("journal.sqlite")
        try body(path)
    }

    private static func time(_ seconds: Double) -> Timestamp {
        start.advanced(by: .milliseconds(Int64(seconds * 1_000)))
    }

    private func processor(_ journal: EventJournal, at seconds: Double) throws -> BatchProcessor {
        try BatchProcessor(
            journal: journal, limits: TrackerLimits(), now: Self.time(seconds),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func notify(
        _ processor: inout BatchProcessor, _ type: String, at seconds: Double, isBeat: Bool = true
    ) throws {
        let query = "account=33199000031&caller=33639980041&callee=33199000031&type=\(type)&callref=a"
        let delivery = Delivery(
            source: Self.source, observed: Self.time(seconds), kind: .webhook, attributes: ["query": query])
        _ = try processor.process(
            [(delivery, nil)], decoders: Self.decoders, now: Self.time(seconds), isBeat: isBeat)
    }

    private func idle(_ processor: inout BatchProcessor, at seconds: Double, change: Double = 0) throws {
        _ = try processor.process(
            [], decoders: Self.decoders, now: Self.time(seconds), isBeat: true,
            clockChange: .milliseconds(Int64(change * 1_000)))
    }

    @Test(arguments: [-7_200.0, 7_200.0, 864_000.0])
    func aSetClockEndsNoCallAndFreezesNone(_ change: Double) throws {
        try withJournal { path in
            let journal = try EventJournal(path: path, now: Self.time(0))
            var processor = try processor(journal, at: 0)
            try notify(&processor, "SETUP", at: 0)
            try idle(&processor, at: 10 + change, change: change)
            #expect(processor.openCalls.count == 1)
            try idle(&processor, at: 179 + change)
            #expect(processor.openCalls.count == 1)
            try idle(&processor, at: 181 + change)
            #expect(processor.openCalls.isEmpty)
            journal.close()
        }
    }

    @Test func anOpenCallIsStaleAfterARestartUntilItIsHeardOf() throws {
        try withJournal { path in
            var journal = try EventJournal(path: path, now: Self.time(0))
            var first = try processor(journal, at: 0)
            try notify(&first, "SETUP", at: 0)
            journal.close()

            journal = try EventJournal(path: path, now: Self.time(20))
            var second = try processor(journal, at: 20)
            #expect(second.liveCalls.map { $0.data().isStale } == [true])
            // With the first sign of life, lists of the API say so as well.
            try idle(&second, at: 20)
            let stored = try #require(try journal.calls(CallQuery()).first)
            #expect(String(decoding: stored.json, as: UTF8.self).contains("\"state\":\"ringing\",\"stale\":true"))
            try notify(&second, "CONNECT", at: 25)
            #expect(second.liveCalls.map { $0.data().isStale } == [false])
            let confirmed = try #require(try journal.calls(CallQuery()).first)
            #expect(!String(decoding: confirmed.json, as: UTF8.self).contains("stale"))
            journal.close()
        }
    }

    @Test func aClockSetBackWhileTheDaemonWasDownFreezesNoCall() throws {
        try withJournal { path in
            var journal = try EventJournal(path: path, now: Self.time(0))
            var first = try processor(journal, at: 0)
            try notify(&first, "SETUP", at: 0)
            journal.close()

            journal = try EventJournal(path: path, now: Self.time(-86_400))
            var second = try processor(journal, at: -86_400)
            try idle(&second, at: -86_400)
            #expect(second.openCalls.count == 1)
            try idle(&second, at: -86_400 + 181)
            #expect(second.openCalls.isEmpty)
            journal.close()
        }
    }

    /// The daemon was killed between two beats.
    @Test func aClockSetBackCountsFromWhatCameLast() throws {
        try withJournal { path in
            var journal = try EventJournal(path: path, now: Self.time(0))
            var first = try processor(journal, at: 0)
            try idle(&first, at: 0)
            try notify(&first, "SETUP", at: 20, isBeat: false)
            journal.close()

            journal = try EventJournal(path: path, now: Self.time(-7_200))
            var second = try processor(journal, at: -7_200)
            try notify(&second, "CONNECT", at: -7_199)
            try notify(&second, "RELEASE", at: -7_190)
            let call = try #require(try journal.calls(CallQuery()).first)
            let text = String(decoding: call.json, as: UTF8.self)
            #expect(text.contains("\"ring_ms\":1000,"), "\(text)")
            journal.close()
        }
    }

    /// Nothing is taken in while nothing can be written, and then the call that rang is still the one that is answered.
    @Test func aJournalThatCannotBeWrittenForgetsNoCall() throws {
        try withJournal { path in
            let journal = try EventJournal(path: path, now: Self.time(0))
            var processor = try processor(journal, at: 0)
            try notify(&processor, "SETUP", at: 0)
            let call = try #require(processor.openCalls.first)
            let other = try DatabaseQueue(path: path)
            try other.write { try $0.execute(sql: "ALTER TABLE calls RENAME TO hidden") }
            #expect(throws: JournalError.self) { try notify(&processor, "CONNECT", at: 1) }
            #expect(throws: JournalError.self) { try notify(&processor, "CONNECT", at: 2) }
            try other.write { try $0.execute(sql: "ALTER TABLE hidden RENAME TO calls") }
            try notify(&processor, "CONNECT", at: 3)
            #expect(processor.openCalls.map(\.id) == [call.id])
            #expect(processor.openCalls.first?.state == .connected)
        }
    }

    /// Reading thousands of calls takes long, and on a full disk one batch after the other fails.
    @Test func aBatchThatFailsReadsNoCallAgain() throws {
        try withJournal { path in
            let journal = try EventJournal(path: path, now: Self.time(0))
            var processor = try processor(journal, at: 0)
            try notify(&processor, "SETUP", at: 0)
            let call = try #require(processor.openCalls.first)
            let other = try DatabaseQueue(path: path)
            try other.write { db in
                try db.execute(sql: "UPDATE calls SET tracked = NULL")
                try db.execute(sql: Self.outage)
            }
            #expect(throws: JournalError.self) { try notify(&processor, "CONNECT", at: 1) }
            #expect(processor.openCalls == [call])
            try other.write { try $0.execute(sql: "DROP TRIGGER outage") }
            try notify(&processor, "CONNECT", at: 2)
            #expect(processor.openCalls.map(\.id) == [call.id])
            #expect(processor.openCalls.first?.state == .connected)
        }
    }

    /// What is due, and what the start has to say, is written once that is possible, and only then.
    @Test func whatCouldNotBeWrittenIsStillToBeWritten() throws {
        try withJournal { path in
            var journal = try EventJournal(path: path, now: Self.time(0))
            var first = try processor(journal, at: 0)
            try notify(&first, "SETUP", at: 0)
            journal.close()

            journal = try EventJournal(path: path, now: Self.time(20))
            var second = try processor(journal, at: 20)
            let other = try DatabaseQueue(path: path)
            try other.write { try $0.execute(sql: Self.outage.replacing("deliveries", with: "events")) }
            let head = journal.head
            #expect(throws: JournalError.self) { try idle(&second, at: 181, change: 0) }
            #expect(throws: JournalError.self) { try idle(&second, at: 182, change: 0) }
            #expect(second.openCalls.count == 1)
            #expect(journal.head == head)
            try other.write { try $0.execute(sql: "DROP TRIGGER outage") }
            try idle(&second, at: 179)
            let stale = try #require(try journal.calls(CallQuery()).first)
            #expect(String(decoding: stale.json, as: UTF8.self).contains("\"stale\":true"))
            try idle(&second, at: 183)
            #expect(second.openCalls.isEmpty)
            #expect(try journal.calls(CallQuery()).first?.state == .ended)
            journal.close()
        }
    }

    /// However many deadlines have passed, one batch that fails is worked out again, and not all of it.
    @Test func whatIsDueIsWrittenInPieces() throws {
        try withJournal { path in
            let journal = try EventJournal(path: path, now: Self.time(0))
            var processor = try processor(journal, at: 0)
            let setups = (0..<600).map { number in
                Delivery(
                    source: Self.source, observed: Self.time(0), kind: .webhook,
                    attributes: [
                        "query":
                            "account=33199000031&caller=33639980041&callee=33199000031&type=SETUP&callref=\(number)"
                    ])
            }
            _ = try processor.process(
                setups.map { ($0, nil) }, decoders: Self.decoders, now: Self.time(0), isBeat: true)
            #expect(processor.openCalls.count == 600)
            try idle(&processor, at: 181)
            #expect(processor.openCalls.count == 600 - 512)
            var isBehind = processor.isBehind(at: Self.time(181))
            #expect(isBehind)
            try idle(&processor, at: 181)
            #expect(processor.openCalls.isEmpty)
            isBehind = processor.isBehind(at: Self.time(181))
            #expect(!isBehind)
            journal.close()
        }
    }

    /// What was refused before a crash belongs to the gap that the next start tells.
    @Test func aRestartTellsItsGapFromTheFirstRefusal() throws {
        try withJournal { path in
            let journal = try EventJournal(path: path, now: Self.time(0))
            var processor = try processor(journal, at: 0)
            _ = try processor.process(
                [], decoders: Self.decoders, now: Self.time(30), isBeat: true, alive: Self.time(20))
            #expect(try BatchProcessor.daemonState(in: journal)?.alive == Self.time(20))
        }
    }
}
