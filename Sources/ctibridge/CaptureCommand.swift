import ArgumentParser
import BridgeClient
import CallModel
import Replay

struct CaptureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture",
        abstract: "Save what the providers sent, for a bug report or a test.",
        discussion: """
            Writes the raw deliveries that the journal still keeps (journal.raw, 7 days unless configured otherwise), with \
            their arrival times and all that is needed to read them again, as JSON lines. ctibridge replay makes events \
            of them. Secrets are never in them. Numbers, names and texts are, unless --anonymise replaces them: the same by \
            the same, so that the result replays to the same states and outcomes, which is checked before it is written. \
            Extensions and other numbers of up to six digits stay, and so do the names of sources.

            With --url the token needs the right "raw".

            EXAMPLES
              ctibridge capture --out bug.jsonl --call c28ec02a57a45059ada44 --anonymise
              ctibridge capture --out morning.jsonl --since 2h --source paris
              ctibridge capture --out - --since 10m | ctibridge replay -

            The file appears when it is whole; until then a file system that knows no files without a name has it as \
            FILE.part. Where nothing is found, none appears, and the exit code is 1.
            """
    )

    /// More than this is not anonymised at once: all of it must be seen before the first line can be written.
    private static let maximumBytes = 256 << 20

    @Option(
        help: ArgumentHelp(
            "Where to write; - is standard output. An existing file is not overwritten.", valueName: "file"))
    var out: String

    @Option(help: "Only what came in the last 90s, 30m, 2h, 7d, or since a time.", transform: TypedArguments.time)
    var since: Timestamp?

    @Option(help: "Only what made this call, and the other calls of its session, what they are.")
    var call: String?

    @Option(help: "Only this source: ovh/paris, or paris.")
    var source: String?

    @Flag(name: [.long, .customLong("anonymize")], help: "Replace numbers, names, texts and addresses.")
    var anonymise = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        var query: [APIRequest.Parameter] = []
        if let since { query.append(.init("since", since.description)) }
        if let call { query.append(.init("call", call)) }
        if let source { query.append(.init("source", source)) }
        let client = try connection.client()
        let output = try RecordingOutput(path: out)
        let hides = anonymise
        let (count, missing) = try await client.exchange(
            APIRequest(.get, ["v1", "deliveries"], query: query), silence: .seconds(60)
        ) { head, body in
            try await APIClient.requireSuccess(head, &body)
            guard hides else { return try await Self.copy(&body, to: output) }
            let bytes = try await body.collect(upTo: Self.maximumBytes)
            let recording = try Self.read(bytes)
            guard !recording.deliveries.isEmpty else { return (0, Self.missing(bytes.prefix { $0 != 0x0A })) }
            _ = try output.write(RecordingWriter.bytes(try Self.anonymised(recording)))
            return (recording.deliveries.count, Self.missing(bytes.prefix { $0 != 0x0A }))
        }
        guard count > 0 else {
            let why =
                missing > 0 ? "what made this call is no longer kept (journal.raw)" : "nothing that is kept matches"
            throw ClientFailure.nothingFound("\(why); no recording was written")
        }
        try output.finish()
        ClientProcess.note(
            "\(count) \(count == 1 ? "delivery" : "deliveries")"
                + (hides ? ", anonymised" : "; they hold numbers and names in clear"))
        if missing > 0 {
            ClientProcess.note("\(missing) more deliveries of this call are no longer kept: it begins in the middle")
        }
    }

    /// What the head of a recording says of deliveries that are no longer kept.
    private static func missing(_ head: some Collection<UInt8>) -> Int {
        (try? ReplyDocument(Array(head)).root["missing"]?.text).flatMap { Int($0) } ?? 0
    }

    private static func copy(
        _ body: inout APIBody, to output: RecordingOutput
    ) async throws(ClientFailure) -> (count: Int, missing: Int) {
        var count = 0
        var head: [UInt8]? = []
        // Every line but the header and the settings is a delivery, and begins with its time.
        let mark = Array(#"{"at":"#.utf8)
        var lineStart: [UInt8] = []
        var missing = 0
        while let bytes = try await body.nextBytes() {
            if let begun = head {
                let line = begun + bytes.prefix { $0 != UInt8(ascii: "\n") }
                let isWhole = bytes.contains(UInt8(ascii: "\n"))
                if isWhole { missing = Self.missing(line) }
                head = isWhole ? nil : line
            }
            for byte in bytes {
                if byte == UInt8(ascii: "\n") {
                    if lineStart == mark { count += 1 }
                    lineStart.removeAll(keepingCapacity: true)
                } else if lineStart.count < mark.count {
                    lineStart.append(byte)
                }
            }
            // Nobody reads standard output any more, which is no failure.
            if try output.write(bytes) == .readerGone { ClientProcess.exit(0) }
        }
        return (count, missing)
    }

    private static func read(_ bytes: [UInt8]) throws(ClientFailure) -> Recording {
        do {
            return try RecordingReader.read(bytes)
        } catch {
            throw .protocolViolation("the daemon sent a recording that cannot be read (line \(error))")
        }
    }

    /// Another key is tried where a replacement should have changed what came of a call: two that began in the same
    /// millisecond may change places with it. As often as takes no longer than a moment.
    private static func anonymised(_ recording: Recording) throws(ClientFailure) -> Recording {
        let wanted = RecordingOutline(recording)
        var place: String?
        for _ in 0..<(recording.deliveries.count < 5_000 ? 16 : 3) {
            let hidden = Anonymiser.anonymised(recording)
            if RecordingOutline(hidden) == wanted { return hidden }
            if let (number, delivery) = RecordingComparison.firstDifference(recording, hidden) {
                place = "delivery \(number) (of \(delivery.source), at \(delivery.observed))"
            }
        }
        throw .file(
            (place ?? "what came")
                + " would be read in another way with numbers and names replaced; nothing was written")
    }
}
