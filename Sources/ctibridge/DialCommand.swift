import ArgumentParser
import BridgeClient

struct DialCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dial",
        abstract: "Place a call and print its id.",
        discussion: """
            The phone of the source rings first; when it is picked up, the number is called. Asked for once and never \
            repeated: when the answer is lost, the command ends with 75 and nobody knows whether the phone rings. The \
            same command with the --idempotency-key it then names asks again without placing a second call. It ends \
            with 1 when the provider refuses, and with 69 when the daemon or the provider cannot be reached: then no \
            call was placed.

            EXAMPLES
              ctibridge dial --source sales +33199000001
              ctibridge dial --source front-desk --from +33199000002 --auto-answer +33639980001
            """
    )

    @Option(help: "The source that places the call, by its configured name.")
    var source: String

    @Argument(help: "The number to call.")
    var number: String

    @Option(help: "The line or number to call from, where the source has several.")
    var from: String?

    @Option(help: "The name to show on the phone that rings first, where the provider can.")
    var name: String?

    @Flag(help: "Let the phone that rings first pick up by itself, where the provider can.")
    var autoAnswer = false

    @Option(help: ArgumentHelp("The key of an earlier attempt, to ask for its result.", valueName: "key"))
    var idempotencyKey: String?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        try TypedArguments.requireDiallable(number)
        if let idempotencyKey, !Self.isKey(idempotencyKey) {
            throw ValidationError("an idempotency key is 1 to 255 printable characters")
        }
    }

    func run() async throws {
        let placement = Placement(client: try connection.client(), idempotencyKey: idempotencyKey)
        let reply = try await placement.ask(
            .dial(source: source, to: number, from: from, name: name, autoAnswer: autoAnswer))
        try PlacementOutput.print(reply, json: json)
    }

    private static func isKey(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
