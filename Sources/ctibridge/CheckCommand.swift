import ArgumentParser
import BridgeClient

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tell a monitoring system whether all is well: exit code 0, else 1 and what is wrong.",
        discussion: """
            All is well if the daemon takes and keeps what providers say, and no source is down or degraded. The exit \
            code is 69 if the daemon cannot be reached, 75 if it does not answer; then the reason is on standard error.

            EXAMPLES
              wrong=$(ctibridge check 2>&1) || echo "$wrong" | mail -s telephony root
            """
    )

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let client = try connection.client()
        var notReady: String?
        do throws(ClientFailure) { _ = try await client.reply(to: APIRequest(.get, ["readyz"])) } catch {
            guard case .busy(let problem) = error else { throw error }
            notReady = problem.detail ?? problem.description
        }
        let reply = try await client.reply(to: APIRequest(.get, ["v1", "sources"]))
        let report = HealthReport(notReady: notReady, sources: try ReplyDocument(reply).list("sources"))
        _ = try OutputDescriptor.standardOutput.write(report.text)
        if !report.isWell { ClientProcess.exit(1) }
    }
}
