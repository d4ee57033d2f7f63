import ArgumentParser
import BridgeClient
import CallModel

struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Show one call with its history: what was said, what followed, and why.",
        discussion: """
            EXAMPLES
              ctibridge call c28ec02a57a45059ada44
              ctibridge call c28ec02a57a45059ada44 --raw    with the provider's own words
            """
    )

    @Argument(
        help: "The id of the call, as ctibridge calls and the subject of an event tell it.",
        transform: TypedArguments.callID)
    var id: String

    @Flag(help: "Show what the provider sent.")
    var raw = false

    @OptionGroup var display: DisplayOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if raw, display.numbers == .masked {
            throw ValidationError("--raw shows what the provider sent and cannot mask it")
        }
    }

    func run() async throws {
        let reply = try await connection.client().reply(to: APIRequest(.get, ["v1", "calls", id]))
        let detail = CallDetail(style: display.style, numbers: display.numbers, showsRaw: raw)
        try display.print(reply) { document in detail.text(document.root) }
    }
}
