import ArgumentParser
import BridgeClient

struct SourcesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources",
        abstract: "Show how the sources are: up or down, since when, and what went wrong last.",
        discussion: """
            A source that waits to be told (Keyyo) or asked (VoIPGRID without a call) is passive: nothing is wrong.

            EXAMPLES
              ctibridge sources
              ctibridge sources --json |
                jq '.sources[] | select(.state | IN("down", "degraded"))'
            """
    )

    @OptionGroup var display: DisplayOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let reply = try await connection.client().reply(to: APIRequest(.get, ["v1", "sources"]))
        let tables = StatusTables(style: display.style)
        try display.print(reply) { document throws(ClientFailure) in
            let sources = try document.list("sources")
            guard !sources.isEmpty else { return "no source is configured\n" }
            let columns = OutputDescriptor.standardOutput.columns
            return tables.sourceLines(sources, now: ClientProcess.now, columns: columns).joined(separator: "\n") + "\n"
        }
    }
}
