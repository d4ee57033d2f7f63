import ArgumentParser
import BridgeDaemon
import CallModel
import Glibc
import HostSupport
import Logging
import SystemdSupport

@main
struct DaemonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ctibridged",
        abstract: "Collects the call events of telephony providers and serves them as one stream.",
        discussion: """
            Standard output is the stream, one JSON event a line, and nothing else; logs go to standard error or to \
            the systemd journal. SIGHUP reads the configuration again, SIGTERM and SIGINT stop the daemon.

            EXAMPLES
              ctibridged --config my.yaml --check-config
              ctibridged --config my.yaml --state-dir state --runtime-dir run

            EXIT CODES
              0   stopped
              64  the arguments are wrong
              66  the configuration file cannot be read
              69  a listener cannot be bound
              70  a fault of this program
              74  the journal cannot be opened or written, or what --check-config prints cannot be
              78  the configuration is invalid
            """,
        version: "ctibridged \(ctibridgeVersion)")

    @Option(help: "The configuration file.")
    var config = "/etc/ctibridge/ctibridge.yaml"

    @Flag(help: "Check the configuration, print what it means and the URLs to paste at providers, and exit.")
    var checkConfig = false

    @Flag(inversion: .prefixedNo, help: "Write the stream to standard output, whatever the configuration says.")
    var stdout: Bool?

    @Option(help: "Where the journal is kept. (default: $STATE_DIRECTORY, else /var/lib/ctibridge)")
    var stateDir: String?

    @Option(help: "Where the sockets are made. (default: $RUNTIME_DIRECTORY, else /run/ctibridge)")
    var runtimeDir: String?

    @Option(help: "How much to log: trace, debug, info, notice, warning, error or critical.")
    var logLevel = LogLevel.info

    func run() async throws {
        let directories = ServiceDirectories()
        let destination = LogDestination.detect()
        let level = logLevel.level
        LoggingSystem.bootstrap { destination.handler(label: $0, level: level) }
        let logger = Logger(label: "ctibridged")
        let inherited: InheritedSockets
        do {
            inherited = try InheritedSockets.take()
        } catch {
            logger.critical("cannot run", metadata: ["error": "\(error)"])
            throw ArgumentParser.ExitCode(BridgeDaemon.ExitCode.cannotListen)
        }
        let options = DaemonOptions(
            configuration: config, checksConfiguration: checkConfig, stdout: stdout,
            stateDirectory: absolute(stateDir ?? directories.state),
            runtimeDirectory: absolute(runtimeDir ?? directories.runtime),
            credentialsDirectory: directories.credentials)
        let code = await Daemon.run(options, inherited: inherited, logger: logger)
        // A reader that does not read may still hold a thread in a system call: the end does not wait for it.
        _exit(code)
    }

    private func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let directory = getcwd(nil, 0) else { return path }
        defer { free(directory) }
        return "\(String(cString: directory))/\(path)"
    }

    /// Before anything else: a reader that goes away must not end the daemon, nor a wish to reload that comes before it
    /// can be heard (`Daemon.run` hears it), and a fault of its own must, at once.
    ///
    /// Where Swift's runtime is installed it answers a fault with a backtrace, which takes half a minute where it may
    /// not stop threads, in which nothing is served and systemd's watchdog waits. A core dump has more. Whoever wants
    /// the backtrace says so in `SWIFT_BACKTRACE`.
    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGHUP, SIG_IGN)
        StandardStreams.reserve()
        if getenv("SWIFT_BACKTRACE") == nil {
            for fault in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] { signal(fault, SIG_DFL) }
        }
        await main(nil)
    }
}

/// The levels of swift-log as words of the command line.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error, critical

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
