import Glibc
package import Logging

/// Where this process logs to: the journal where standard error is connected to it, else standard error.
package enum LogDestination: Sendable {
    case journal(JournalSink)
    case stderr(LogSink, isColoured: Bool)

    /// Decided once, in `main`: the descriptor may lead elsewhere later.
    ///
    /// Colours only on a terminal, and not where `$NO_COLOR` is set to anything (no-color.org).
    package static func detect(
        descriptor: Int32 = STDERR_FILENO, environment: EnvironmentLookup = ProcessEnvironment.variable
    ) -> LogDestination {
        if JournalStream.isConnected(to: descriptor, environment: environment) { return .journal(JournalSink()) }
        let wantsNoColour = environment("NO_COLOR").map { !$0.isEmpty } ?? false
        let isTerminal = isatty(descriptor) == 1 && environment("TERM") != "dumb"
        return .stderr(LogSink(descriptor: descriptor), isColoured: isTerminal && !wantsNoColour)
    }

    /// For `LoggingSystem.bootstrap`.
    package func handler(label: String, level: Logger.Level) -> any LogHandler {
        switch self {
        case .journal(let sink): JournalLogHandler(label: label, level: level, sink: sink)
        case .stderr(let sink, let isColoured): StderrLogHandler(level: level, sink: sink, isColoured: isColoured)
        }
    }
}
