import ArgumentParser
import BridgeClient

struct TrackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "track",
        abstract: "Follow a call that another program placed, and print its id here.",
        discussion: """
            For sources that tell the state of a call only to those who ask for it by its id (VoIPGRID).

            EXAMPLES
              ctibridge track --source sales b7j1nvifttyg4072ajv0r90gscb6ls1k
            """
    )

    @Option(help: "The source the call belongs to, by its configured name.")
    var source: String

    @Argument(help: "The provider's id of the call.")
    var callID: String

    @Flag(help: "Print the answer as JSON.")
    var json = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let reply = try await Placement(client: try connection.client()).ask(.track(source: source, call: callID))
        try PlacementOutput.print(reply, json: json)
    }
}
