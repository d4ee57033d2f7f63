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
            delivery comes at its recorded time, and after the last one a day passes, so that every call has its summary. \
            The same file gives the same bytes each time; seq counts from 1, and the epoch is always \(Replayer.epoch).

            EXAMPLES
              ctibridge replay bug.jsonl
              ctibridge replay bug.jsonl --json | jq -r 'select(.type == "call.summary") | .data.outcome'

            EXIT CODES
              65  a line cannot be used; FILE:LINE says which and why
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
        let recording: Recording
        do throws(RecordingFault) {
            recording = try RecordingReader.read(bytes(), country: country == "none" ? nil : country)
        } catch {
            ClientProcess.note("\(file == "-" ? "standard input" : file):\(error)")
            ClientProcess.exit(65)
        }
        let output = OutputDescriptor.standardOutput
        let isJSON = display.json || (!text && !output.isTerminal)
        var renderer = EventLineRenderer(style: display.style, numbers: display.numbers)
        for (index, draft) in Replayer.events(of: recording, letsTimePass: !stop).enumerated() {
            let line = Replayer.line(draft, seq: Int64(index) + 1)
            if isJSON {
                if try output.write(output.isTerminal ? TerminalText.escapedJSON(line) : line) == .readerGone { return }
            } else {
                let event = try ReplyDocument(line).root
                if try output.write(renderer.lines(for: event)) == .readerGone { return }
            }
        }
    }

    private func bytes() -> [UInt8] {
        let descriptor = file == "-" ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { fail() }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 {
                bytes += buffer[..<count]
            } else if count == 0 {
                return bytes
            } else if errno != EINTR {
                fail()
            }
        }
    }

    private func fail() -> Never {
        ClientProcess.note("cannot read \(file): \(String(cString: strerror(errno)))")
        ClientProcess.exit(66)
    }
}
