import ArgumentParser
import BridgeClient

struct HangUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hangup",
        abstract: "End a call, where its provider can.",
        discussion: """
            Ends with 1 where the provider has no way to do it, with 69 where it cannot be reached, and with 75 where its
            answer is not known: to ask again does no harm.

            EXAMPLES
              ctibridge hangup c28ec02a57a45059ada44
            """
    )

    @Argument(help: "The id of the call, as ctibridge calls tells it.", transform: TypedArguments.callID)
    var id: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        _ = try await connection.client().reply(
            to: APIRequest(.delete, ["v1", "calls", id]), silence: APIClient.patience)
    }
}
