import ArgumentParser
import BridgeClient
import CallModel

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell how a call became what it is, and who was told.",
        discussion: """
            One row for each rule that fired: what the provider sent, which rule made what of it and why, and which event \
            that became. Then every reader of the stream around that time: what it was sent, what its filter left out, \
            and whether it was connected at all. Worked out from the raw input with today's rules; where that is no longer \
            kept, the stored events alone tell.

            EXAMPLES
              ctibridge explain c28ec02a57a45059ada44
              ctibridge explain c28ec02a57a45059ada44 --json | jq .explanation.readers
            """
    )

    @Argument(
        help: "The id of the call, as ctibridge calls and the subject of an event tell it.",
        transform: TypedArguments.callID)
    var id: String

    @OptionGroup var display: DisplayOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let request = APIRequest(.get, ["v1", "calls", id], query: [.init("explain", "true")])
        let reply = try await connection.client().reply(to: request, silence: APIClient.patience)
        let text = CallExplanationText(
            style: display.style, parties: PartyText(numbers: display.numbers), now: ClientProcess.now,
            columns: OutputDescriptor.standardOutput.columns)
        try display.print(reply) { document throws(ClientFailure) in
            try text.lines(document.root).joined(separator: "\n") + "\n"
        }
    }
}
