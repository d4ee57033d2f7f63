import ArgumentParser
import BridgeClient
import CallModel
import Glibc
import Replay

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Print the events that this version makes of a recording.",
        discussion: """
            Reads what ctibridge capture wrote (and the fixtures of the project's tests are), without a daemon: each \
            delivery comes at its recorded time, and after the last one a day and the longest limit of the model pass, so \
            that every call has its summary. \
            The same file gives the same bytes each time; seq counts from 1, and the epoch is always \(Replayer.epoch).

            EXAMPLES
              ctibridge replay bug.jsonl
              ctibridge replay bug.jsonl --json | jq -r 'select(.type == "call.summary") | .data.outcome'

            EXIT CODES
              65  a line cannot be used; FILE:LINE says which and why. Events of the lines before it are printed
              66  the file cannot be read
            """
    )

    @Argument(help: "The recording; - is standard input.", completion: .file())
    var file: String

    @Option(help: "Of sources for which the recording names none: FR, NL, …; none: national numbers stay national.")
    var country = "FR"

    @Flag(help: "Stop with the last delivery, where calls may still be open.")
    var stop = false

    @Flag(help: "Print lines for people into a pipe too.")
    var text = false

    @OptionGroup var display: DisplayOptions

    func validate() throws {
        if country != "none", !NumberPlan.knownCountries.contains(country) {
            throw ValidationError("--country is none or one of \(NumberPlan.knownCountries.joined(separator: ", "))")
        }
        if display.json, text { throw ValidationError("--json and --text exclude each other") }
    }

    func run() throws {
        let output = OutputDescriptor.standardOutput
        let isJSON = display.json || (!text && !output.isTerminal)
        var renderer = EventLineRenderer(style: display.style, numbers: display.numbers)
        var seq: Int64 = 0
        try events { draft throws(ClientFailure) in
            seq += 1
            let line = Replayer.line(draft, seq: seq)
            if isJSON {
                return try output.write(output.isTerminal ? TerminalText.escapedJSON(line) : line) == .all
            }
            return try output.write(renderer.lines(for: try ReplyDocument(line).root)) == .all
        }
    }

    /// Reads and replays a line at a time, so that a long recording takes no more memory than a short one.
    ///
    /// - Parameter tell: false where nobody wants more.
    private func events(_ tell: (EventDraft) throws(ClientFailure) -> Bool) throws(ClientFailure) {
        var reader = RecordingReader(country: country == "none" ? nil : country)
        var replayer: Replayer?
        var last: Timestamp?
        var goesOn = true
        try lines { line throws(ClientFailure) in
            do throws(RecordingFault) {
                try reader.take(line)
            } catch {
                ClientProcess.note("\(file == "-" ? "standard input" : file):\(error)")
                ClientProcess.exit(65)
            }
            for entry in reader.takeEntries() where goesOn {
                var player = replayer.take() ?? Replayer(limits: reader.recording.limits)
                if case .delivery(let delivery) = entry { last = max(last ?? delivery.observed, delivery.observed) }
                for draft in player.feed(entry) where goesOn { goesOn = try tell(draft) }
                replayer = consume player
            }
            return goesOn
        }
        guard goesOn else { return }
        guard let last, var player = replayer else {
            ClientProcess.note("\(file == "-" ? "standard input" : file) holds no delivery")
            ClientProcess.exit(65)
        }
        if !stop { for draft in player.finish(after: last) where goesOn { goesOn = try tell(draft) } }
    }

    /// Gives each line without its line break to `take`, until that wants no more.
    private func lines(_ take: ([UInt8]) throws(ClientFailure) -> Bool) throws(ClientFailure) {
        let descriptor = file == "-" ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { fail() }
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 {
                guard errno == EINTR else { fail() }
                continue
            }
            if count == 0 {
                if !line.isEmpty { _ = try take(line) }
                return
            }
            var rest = buffer[..<count]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line += rest[..<end]
                rest = rest[(end + 1)...]
                guard try take(line) else { return }
                line.removeAll(keepingCapacity: true)
            }
            line += rest
            guard line.count <= Recording.maximumLineBytes else {
                ClientProcess.note(
                    "\(file): a line is longer than \(Recording.maximumLineBytes >> 20) MiB: no recording")
                ClientProcess.exit(65)
            }
        }
    }

    private func fail() -> Never {
        ClientProcess.note("cannot read \(file): \(String(cString: strerror(errno)))")
        ClientProcess.exit(66)
    }
}
