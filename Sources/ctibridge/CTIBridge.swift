import ArgumentParser
import BridgeClient
import CallModel

@main
struct CTIBridge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ctibridge",
        abstract: "Follows, lists and places the phone calls that ctibridged knows of.",
        discussion: """
            Talks to the daemon over its API socket, /run/ctibridge/api.sock unless --socket or CTIBRIDGE_SOCKET says \
            otherwise. With --url it uses the TCP API and takes the token from CTIBRIDGE_TOKEN.

            EXAMPLES
              ctibridge tail                  every event from now on, one line each
              ctibridge tail --since 2h       the last two hours, then live
              ctibridge tail --json           the same as JSON lines, as into a pipe
              ctibridge calls --watch         the live calls, kept up to date
              ctibridge missed --since 24h    whom to call back
              ctibridge dial --source sales +33199000001
              ctibridge explain c28ec02a57a45059ada44    why a call is what it is, and who was told
              ctibridge capture --out bug.jsonl --since 2h --anonymise    what came, for a bug report
              ctibridge replay bug.jsonl      the events this version makes of it, without a daemon

            EXIT CODES
              0   done, or nobody reads the output any more
              1   the daemon refused, or there is nothing to capture; the reason is on standard error. Of check: something
                  is wrong
              64  the arguments are wrong
              65  a line of a recording cannot be used
              66  a recording cannot be read
              69  the daemon, or with dial and hangup the provider, cannot be reached
              70  the daemon does not speak this protocol, or a fault of this program
              74  a file or the output cannot be read or written
              75  a temporary failure; of dial and hangup: nobody knows whether it was done
              130 ended by Ctrl-C
            """,
        version: "ctibridge \(ctibridgeVersion)",
        subcommands: [
            TailCommand.self, CallsCommand.self, CallCommand.self, MissedCommand.self, DialCommand.self,
            HangUpCommand.self, TrackCommand.self, ConferenceCommand.self, SMSCommand.self, SourcesCommand.self,
            SubscribersCommand.self, CheckCommand.self, ExplainCommand.self, CaptureCommand.self, ReplayCommand.self,
        ]
    )

    /// The parser would answer `help dail` with the help of the whole, and success.
    private static func checkHelp(_ arguments: [String]) throws(ClientFailure) {
        guard arguments.first == "help" else { return }
        var known: [any ParsableCommand.Type] = [CTIBridge.self]
        // The command "help" is the parser's own, and it has a help, too.
        for word in arguments.drop(while: { $0 == "help" }) where !word.hasPrefix("-") {
            known = known.flatMap { $0.configuration.subcommands }.filter { $0.configuration.commandName == word }
            guard !known.isEmpty else {
                throw .usage("there is no command \"\(word)\"; see ctibridge --help")
            }
        }
    }

    static func main() async {
        ClientProcess.prepare()
        do {
            try checkHelp(Array(CommandLine.arguments.dropFirst()))
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as ClientFailure {
            ClientProcess.note("\(failure)")
            ClientProcess.exit(failure.exitCode)
        } catch {
            guard exitCode(for: error) == .failure, !(error is ExitCode) else { exit(withError: error) }
            ClientProcess.note("a fault of this program, please report it: \(type(of: error))")
            ClientProcess.exit(70)
        }
    }
}
