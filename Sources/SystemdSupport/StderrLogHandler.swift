package import Logging

/// Writes log statements for people: `2026-11-21T09:30:00.125Z info  source up  source=ovh/paris`.
package struct StderrLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let sink: LogSink
    private let isColoured: Bool

    package init(level: Logger.Level, sink: LogSink, isColoured: Bool) {
        logLevel = level
        self.sink = sink
        self.isColoured = isColoured
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let all = event.allMetadata(metadata, metadataProvider)
        sink.write(Self.line(event, metadata: all, time: LogClock.rfc3339(), isColoured: isColoured))
    }

    /// Without its line break.
    static func line(_ event: LogEvent, metadata: Logger.Metadata, time: String, isColoured: Bool) -> String {
        let level = event.level.rawValue
        let padding = String(repeating: " ", count: max(1, 6 - level.utf8.count))
        let colour = isColoured ? event.level.colour : ""
        let shown = colour.isEmpty ? level : "\u{1B}[\(colour)m\(level)\u{1B}[0m"
        let text = LogText.escaped(event.message.description, limit: 1_024)
        let pairs = LogText.pairs(metadata, limit: 512)
        return "\(time) \(shown)\(padding)\(text)" + (pairs.isEmpty ? "" : "  \(pairs)")
    }
}

extension Logger.Level {
    /// SGR parameters (ECMA-48, section 8.3.117); empty: as it is.
    fileprivate var colour: String {
        switch self {
        case .trace, .debug: "2"
        case .info: ""
        case .notice: "1"
        case .warning: "33"
        case .error, .critical: "31"
        }
    }
}
