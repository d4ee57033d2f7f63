import Logging
import Testing

@testable import SystemdSupport

@Suite("Log lines")
struct LogHandlerTests {
    private func event(
        _ level: Logger.Level = .info, _ message: Logger.Message = "source up", metadata: Logger.Metadata? = nil,
        error: (any Error)? = nil
    ) -> LogEvent {
        LogEvent(
            level: level, message: message, error: error, metadata: metadata, source: "Test", file: "Module/File.swift",
            function: "run()", line: 12)
    }

    private func line(_ event: LogEvent, colour: Bool = false) -> String {
        StderrLogHandler.line(
            event, metadata: event.metadata ?? [:], time: "2026-11-21T09:30:00.125Z", isColoured: colour)
    }

    @Test func oneLine() {
        #expect(
            line(event(metadata: ["source": "ovh/paris"]))
                == "2026-11-21T09:30:00.125Z info  source up  source=ovh/paris")
        #expect(line(event(.debug)) == "2026-11-21T09:30:00.125Z debug source up")
        #expect(line(event(.warning)) == "2026-11-21T09:30:00.125Z warning source up")
        #expect(line(event(.critical)) == "2026-11-21T09:30:00.125Z critical source up")
    }

    @Test func metadataIsSortedAndQuotedWhereNeeded() {
        let metadata: Logger.Metadata = [
            "b": "two words", "a": "1", "c": "say \"hi\"", "d": "", "e": ["x", "y"], "f": "k=v",
        ]
        #expect(
            line(event(metadata: metadata)).hasSuffix(
                #"  a=1 b="two words" c="say \"hi\"" d="" e="[\"x\", \"y\"]" f="k=v""#))
    }

    @Test func nothingReachesTheTerminalThatItObeys() {
        let metadata: Logger.Metadata = ["reason": "\u{1B}[2J\u{7}\r\n\u{9B}31m\u{202E}x\u{2028}"]
        let shown = line(event(metadata: metadata))
        #expect(shown.hasSuffix(#"  reason=\x1b[2J\x07\r\n\x9b31m\u202ex\u2028"#))
        #expect(shown.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value < 127 })
        #expect(line(event(.info, "a\nb")).hasSuffix(#"a\nb"#))
        #expect(line(event(.info, "déjà 電話")).hasSuffix("déjà 電話"))
    }

    @Test func longTextsAreCut() {
        let metadata: Logger.Metadata = ["body": "\(String(repeating: "é", count: 5_000))"]
        let shown = line(event(.info, "\(String(repeating: "m", count: 5_000))", metadata: metadata))
        #expect(shown.utf8.count < 1_024 + 512 + 64)
        #expect(shown.hasSuffix("é…"))
    }

    @Test func colours() {
        #expect(line(event(.error), colour: true) == "2026-11-21T09:30:00.125Z \u{1B}[31merror\u{1B}[0m source up")
        #expect(line(event(.info), colour: true) == "2026-11-21T09:30:00.125Z info  source up")
    }

    @Test func theTime() {
        #expect(LogClock.rfc3339(seconds: 0, milliseconds: 7) == "1970-01-01T00:00:00.007Z")
        #expect(LogClock.rfc3339(seconds: 1_795_253_400, milliseconds: 125) == "2026-11-21T09:30:00.125Z")
    }

    @Test func throughALogger() throws {
        struct Broken: Error, CustomStringConvertible { let description = "it broke" }
        let pipe = try Pipe()
        let sink = LogSink(descriptor: pipe.writeEnd)
        var logger = Logger(label: "test") { _ in StderrLogHandler(level: .info, sink: sink, isColoured: false) }
        logger[metadataKey: "source"] = "ovh/paris"
        logger[metadataKey: "attempt"] = "1"
        logger.debug("not shown")
        logger.info("source up", metadata: ["attempt": "2"])
        logger.error("source down", error: Broken())
        let lines = pipe.drain().split(separator: "\n")
        #expect(lines.count == 2)
        #expect(try #require(lines.first).hasSuffix("Z info  source up  attempt=2 source=ovh/paris"))
        #expect(
            try #require(lines.last).hasSuffix("Z error source down  attempt=1 error=\"it broke\" source=ovh/paris"))
    }

    @Test func journalFields() {
        struct Broken: Error, CustomStringConvertible { let description = "line one\nline two" }
        let broken = event(
            .warning, "poll failed", metadata: ["poll-timeout": "75s", "source": "ovh/paris"], error: Broken())
        let metadata = broken.allMetadata(["source": "overridden", "owner": "me"], nil)
        let fields = JournalFields.make(broken, metadata: metadata, identifier: "ctibridged", label: "intake")
        #expect(
            fields == [
                #"MESSAGE=poll failed  error="line one\nline two" owner=me poll-timeout=75s source=ovh/paris"#,
                "PRIORITY=4",
                "SYSLOG_IDENTIFIER=ctibridged",
                "CODE_FILE=Module/File.swift",
                "CODE_LINE=12",
                "CODE_FUNC=run()",
                "CTIBRIDGE_LOGGER=intake",
                "CTIBRIDGE_EVENT=poll failed",
                "CTIBRIDGE_ERROR=line one\nline two",
                "CTIBRIDGE_OWNER=me",
                "CTIBRIDGE_POLL_TIMEOUT=75s",
                "CTIBRIDGE_SOURCE=ovh/paris",
            ])
    }

    @Test(arguments: [
        (Logger.Level.trace, 7), (.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2),
    ])
    func priorities(level: Logger.Level, expected: Int) {
        #expect(level.syslogPriority == expected)
    }

    @Test func fieldNamesAreWhatTheJournalAllows() {
        #expect(JournalFields.name("source") == "CTIBRIDGE_SOURCE")
        #expect(JournalFields.name("a.b=c\nd é") == "CTIBRIDGE_A_B_C_D___")
        #expect(JournalFields.name("") == "CTIBRIDGE_")
        #expect(JournalFields.name(String(repeating: "x", count: 100)).utf8.count == 64)
    }

    @Test func journalFieldsAreBounded() {
        var metadata: Logger.Metadata = [:]
        for index in 0..<100 { metadata["key\(index)"] = "\(String(repeating: "é", count: 10_000))" }
        let fields = JournalFields.make(
            event(.info, "x", metadata: metadata), metadata: metadata, identifier: "ctibridged", label: "l")
        #expect(fields.count == 8 + JournalFields.maximumMetadata)
        #expect(fields.allSatisfy { $0.utf8.count <= JournalFields.maximumValueBytes + 80 })
    }

    /// Without a journal the entry is lost and nothing else happens.
    @Test func theJournalHandlerIsALogHandler() {
        var logger = Logger(label: "test") {
            JournalLogHandler(label: $0, level: .notice, sink: JournalSink(path: "/nowhere"))
        }
        logger[metadataKey: "source"] = "ovh/paris"
        #expect(logger[metadataKey: "source"] == "ovh/paris")
        #expect(logger.logLevel == .notice)
        logger.debug("not sent")
        logger.notice("lost")
    }

    @Test func theJournalGetsEveryFieldAsItIs() throws {
        let journal = try DatagramSocket()
        let logger = Logger(label: "intake") {
            JournalLogHandler(label: $0, level: .notice, sink: JournalSink(path: journal.path))
        }
        logger.notice("source up", metadata: ["source": "ovh/paris"])
        let entry = try #require(journal.receive())
        #expect(entry.hasPrefix("MESSAGE=source up  source=ovh/paris\nPRIORITY=5\nSYSLOG_IDENTIFIER=ctibridged\n"))
        #expect(entry.hasSuffix("\nCTIBRIDGE_SOURCE=ovh/paris\n"))
        #expect(
            JournalSink.datagram(["A=1", "B=x\ny"])
                == Array("A=1\nB\n".utf8) + [3, 0, 0, 0, 0, 0, 0, 0] + Array("x\ny\n".utf8))
    }

    /// A journal that takes nothing holds up nobody: without that, this test does not end.
    @Test(.timeLimit(.minutes(1))) func aStalledJournalHoldsUpNobody() throws {
        let journal = try DatagramSocket()
        let sink = JournalSink(path: journal.path)
        let logger = Logger(label: "intake") { JournalLogHandler(label: $0, level: .notice, sink: sink) }
        // Far more than the queue of a datagram socket takes (net.unix.max_dgram_qlen, and the send buffer).
        let count = 20_000
        for _ in 0..<count { logger.notice("source up") }
        var received = 0
        while journal.receive() != nil { received += 1 }
        #expect(received < count)
        logger.notice("source down")
        let notice = try #require(journal.receive())
        #expect(notice.hasPrefix("MESSAGE=log entries dropped  count=\(count - received)\nPRIORITY=4\n"))
        #expect(try #require(journal.receive()).hasPrefix("MESSAGE=source down\n"))
    }
}
