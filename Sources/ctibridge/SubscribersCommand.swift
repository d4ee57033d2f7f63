import ArgumentParser
import BridgeClient

struct SubscribersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscribers",
        abstract: "Show who reads the stream, how far they are, and how much waits for them.",
        discussion: """
            LAG is in events, PENDING in bytes.

            EXAMPLES
              ctibridge subscribers
            """
    )

    @OptionGroup var display: DisplayOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let reply = try await connection.client().reply(to: APIRequest(.get, ["v1", "subscribers"]))
        let tables = StatusTables(style: display.style)
        try display.print(reply) { document throws(ClientFailure) in
            let readers = try document.list("subscribers")
            guard !readers.isEmpty else { return "nobody reads the stream\n" }
            let columns = OutputDescriptor.standardOutput.columns
            return tables.subscriberLines(readers, now: ClientProcess.now, columns: columns).joined(separator: "\n")
                + "\n"
        }
    }
}
