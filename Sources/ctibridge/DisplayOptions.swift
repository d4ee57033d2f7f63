import ArgumentParser
import BridgeClient
import CallModel

/// How results are shown. The same for every command that lists something.
struct DisplayOptions: ParsableArguments {
    @Flag(help: "Print JSON, as the daemon sent it.")
    var json = false

    @Option(help: "Colours: auto, always or never. NO_COLOR is honoured.")
    var color = TerminalStyle.Colour.auto

    @Option(
        help: ArgumentHelp(
            "Phone numbers: clear, or masked for a wall display: the middle of each number becomes stars and names are "
                + "left out. Not with JSON."))
    var numbers = EventEncoder.Numbers.clear

    var style: TerminalStyle {
        TerminalStyle(for: .standardOutput, colour: color, environment: ClientProcess.environment)
    }

    func validate() throws {
        if json, numbers == .masked {
            throw ValidationError(
                "--numbers masked is for tables and lines; for JSON read a masked socket of the daemon")
        }
    }

    /// Prints a reply as it came, or what `lines` makes of it.
    func print(_ reply: [UInt8], _ text: (ReplyDocument) throws(ClientFailure) -> String) throws(ClientFailure) {
        let output = OutputDescriptor.standardOutput
        guard json else {
            _ = try output.write(text(try ReplyDocument(reply)))
            return
        }
        var bytes = output.isTerminal ? TerminalText.escapedJSON(reply) : reply
        if let last = bytes.last, last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        _ = try output.write(bytes)
    }
}

extension TerminalStyle.Colour: ExpressibleByArgument {}
extension EventEncoder.Numbers: ExpressibleByArgument {}
extension Direction: ExpressibleByArgument {}
