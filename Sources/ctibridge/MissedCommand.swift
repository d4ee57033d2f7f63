import ArgumentParser
import BridgeClient
import CallModel

struct MissedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "missed",
        abstract: "List the inbound calls that nobody took: missed, or abandoned in a queue.",
        discussion: """
            EXAMPLES
              ctibridge missed
              ctibridge missed --since 7d --json | jq -r '.calls[].remote.number'
            """
    )

    @Option(help: "From 30m, 24h, 7d ago or since a time. (default: 24h)", transform: TypedArguments.time)
    var since: Timestamp?

    @Option(help: "At most this many, the newest first; 1 to \(CallListRequest.maximumLimit).")
    var limit = CallListRequest.maximumLimit

    @OptionGroup var display: DisplayOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard (1...CallListRequest.maximumLimit).contains(limit) else {
            throw ValidationError("--limit is 1 to \(CallListRequest.maximumLimit)")
        }
    }

    func run() async throws {
        let now = ClientProcess.now
        let request = CallListRequest(
            outcomes: [.missed, .abandoned], since: since ?? now.advanced(by: .hours(-24)), limit: limit)
        let reply = try await connection.client().reply(to: request.apiRequest, silence: APIClient.patience)
        let table = CallTable(style: display.style, numbers: display.numbers)
        try display.print(reply) { document throws(ClientFailure) in
            let calls = try document.list("calls")
            guard !calls.isEmpty else { return "no missed calls\n" }
            if calls.count == limit { ClientProcess.note("there may be more than these \(limit); see --since") }
            let columns = OutputDescriptor.standardOutput.columns
            return table.missedLines(calls, now: now, columns: columns).joined(separator: "\n") + "\n"
        }
    }
}
