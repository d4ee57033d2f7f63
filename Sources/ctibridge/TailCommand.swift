import ArgumentParser
import BridgeClient
import CallModel

struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Follow the stream of events.",
        discussion: """
            On a terminal, one line an event: time, source, state, remote side, arrow, our side, outcome, durations. \
            The arrow tells who called whom (→ inbound, ← outbound); ~ marks what was concluded and not said by the \
            provider. Into a pipe or with --json, the events as the daemon sent them, one JSON object a line. \
            stream.* lines (hello, live, bookmark, gap, bye) are left out of both; --stream shows them. Those of \
            --snapshot are shown; where the connection is lost among them, they come again from the first.

            A lost connection is made again by itself, without losing or repeating an event: it goes on after the last \
            event or bookmark seen. Where the daemon cannot go on from there (the journal no longer has it, or is \
            another one), the command ends with 1 and says what to do.

            With --cursor-file the next run goes on where this one ended, even after a crash. The cursor of an event \
            is saved after its line was written: nothing is left out, and after a kill at most one event comes again \
            (after a power cut, at most 256 KiB of them). Where the output is a file and the kill left half a line in \
            it, a line break ends that line before the event is written again, whole. A cursor file that is empty or \
            cannot be written ends the command with 74 before anything is printed.

            EXAMPLES
              ctibridge tail --types 'call.*,source.down'
              ctibridge tail --snapshot --direction inbound
              ctibridge tail --since 24h --no-follow > yesterday.jsonl
              ctibridge tail --json --cursor-file /var/lib/crm/cursor | ./screen-pop
            """
    )

    @Option(
        help: ArgumentHelp("Begin with the event after this one, epoch:seq, or with the oldest.", valueName: "cursor"),
        transform: TypedArguments.start)
    var after: TailRequest.Start?

    @Option(help: "Begin with what came in the last 90s, 30m, 2h, 7d, or since a time.", transform: TypedArguments.time)
    var since: Timestamp?

    @Option(help: "Only these types, separated by commas: call.ended, call.*, source.down.")
    var types: String?

    @Option(help: "Only this source: ovh/paris, or paris.")
    var source: String?

    @Option(help: "Only calls of this line of ours: its name, or its number in any notation.")
    var line: String?

    @Option(help: "Only calls of this direction: inbound, outbound, internal or unknown.")
    var direction: Direction?

    @Flag(help: "End when everything up to now was printed. Needs --after, --since or --snapshot.")
    var noFollow = false

    @Flag(help: "Begin with the calls that are live. With --cursor-file, in the first run only.")
    var snapshot = false

    @Option(
        help: ArgumentHelp(
            "Keep the cursor in this file and go on from it next time; --after and --since then count for the first "
                + "run only.", valueName: "file"),
        completion: .file())
    var cursorFile: String?

    @Flag(help: "Print lines for people into a pipe too.")
    var text = false

    @Flag(name: [.customLong("stream"), .long], help: "Print stream.* lines (hello, bookmark, bye) too.")
    var verbose = false

    @OptionGroup var display: DisplayOptions
    @OptionGroup var connection: ConnectionOptions

    private var isJSON: Bool { display.json || (!text && !OutputDescriptor.standardOutput.isTerminal) }

    func validate() throws {
        if cursorFile?.isEmpty == true { throw ValidationError("--cursor-file needs the path of a file") }
        if after != nil, since != nil { throw ValidationError("--after and --since exclude each other") }
        if snapshot, after != nil || since != nil {
            throw ValidationError(
                "--snapshot shows the calls as they are now and goes with neither --after nor --since")
        }
        if display.json, text { throw ValidationError("--json and --text exclude each other") }
        if noFollow, after == nil, since == nil, !snapshot, cursorFile == nil {
            throw ValidationError("--no-follow needs a beginning, as --since 24h or --after oldest")
        }
    }

    func run() async throws {
        if isJSON, display.numbers == .masked {
            throw ClientFailure.usage(
                "--numbers masked is for lines on a terminal; add --text, or read a masked socket of the daemon")
        }
        let output = OutputDescriptor.standardOutput
        let file = cursorFile.map { CursorFile(path: $0) }
        var start = after ?? since.map { .since($0) } ?? .live
        if let saved = try file?.load() {
            start = .after(saved)
            if output.endsInMidLine { _ = try output.write("\n") }
        }
        let request = TailRequest(
            start: start,
            filter: .init(types: types, source: source, line: line, direction: direction),
            follow: !noFollow, snapshot: snapshot)
        let format: StreamPrinter.Format =
            isJSON
            ? .json(escaping: output.isTerminal)
            : .text(EventLineRenderer(style: display.style, numbers: display.numbers))
        let printer = StreamPrinter(
            output: output, format: format, streamLines: verbose ? .all : snapshot ? .snapshots : .none,
            cursorFile: file)
        ClientProcess.exitWhenReaderIsGone(output)
        var session = TailSession(
            client: try connection.client(), request: request, printer: printer, note: ClientProcess.note)
        try await session.run()
    }
}
