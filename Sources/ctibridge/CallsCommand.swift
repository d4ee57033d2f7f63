import ArgumentParser
import BridgeClient
import CallModel

struct CallsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls",
        abstract: "List the calls that are live, or past ones.",
        discussion: """
            FOR is how long a live call has been in its state, or how long an ended one lasted. ~ marks what was \
            concluded and not said by the provider, (stale) a call that was open when the daemon started again and that \
            the provider has not spoken of since.

            EXAMPLES
              ctibridge calls --watch
              ctibridge calls --all --since 24h --number +33639980001
              ctibridge calls --outcome busy,failed --since 7d --json
            """
    )

    @Flag(name: .shortAndLong, help: "Keep the list up to date until Ctrl-C. Live calls on a terminal only.")
    var watch = false

    @Option(help: "Seconds between two looks with --watch, 0.2 to 60.")
    var interval = 1.0

    @Flag(help: "Past calls too.")
    var all = false

    @Option(help: "Only calls in these states, separated by commas.", transform: TypedArguments.states)
    var state: [CallState]?

    @Option(help: "Only calls with these outcomes, separated by commas.", transform: TypedArguments.outcomes)
    var outcome: [Outcome]?

    @Option(help: "Only calls with this number on either side, in any notation.")
    var number: String?

    @Option(help: "Past calls too, from 30m, 2h, 7d ago or since a time.", transform: TypedArguments.time)
    var since: Timestamp?

    @Option(help: "Past calls too, up to then.", transform: TypedArguments.time)
    var until: Timestamp?

    @Option(help: "At most this many, the newest first; 1 to \(CallListRequest.maximumLimit).")
    var limit = CallListRequest.maximumLimit

    @OptionGroup var display: DisplayOptions
    @OptionGroup var connection: ConnectionOptions

    private var nothing: String {
        guard isLiveOnly else { return "no such calls\n" }
        return number == nil ? "no call is live\n" : "no live call has this number; --all shows past calls too\n"
    }

    private var isLiveOnly: Bool { !all && state == nil && outcome == nil && since == nil && until == nil }

    func validate() throws {
        if watch, !isLiveOnly {
            throw ValidationError("--watch shows live calls only, and goes with no choice of past ones")
        }
        if watch, display.json { throw ValidationError("for live calls as JSON use: ctibridge tail --json --snapshot") }
        guard (0.2...60).contains(interval) else { throw ValidationError("--interval is 0.2 to 60 seconds") }
        guard (1...CallListRequest.maximumLimit).contains(limit) else {
            throw ValidationError("--limit is 1 to \(CallListRequest.maximumLimit)")
        }
    }

    func run() async throws {
        let output = OutputDescriptor.standardOutput
        let client = try connection.client()
        let table = CallTable(style: display.style, numbers: display.numbers)
        let request = CallListRequest(
            states: isLiveOnly ? CallListRequest.liveStates : state ?? [], outcomes: outcome ?? [], number: number,
            since: since, until: until, limit: limit)
        if watch {
            guard output.isTerminal else { throw ClientFailure.usage("--watch needs a terminal to draw on") }
            let interval = Span.milliseconds(Int64(interval * 1_000))
            try await CallWatch(client: client, table: table, output: output, interval: interval).run(request)
            return
        }
        let reply = try await client.reply(to: request.apiRequest, silence: APIClient.patience)
        try display.print(reply) { document throws(ClientFailure) in
            let calls = try document.list("calls")
            guard !calls.isEmpty else { return nothing }
            if calls.count == limit {
                ClientProcess.note("there may be more than these \(limit); see --limit and --until")
            }
            return table.lines(calls, now: ClientProcess.now, columns: output.columns).joined(separator: "\n") + "\n"
        }
    }
}
