internal import Logging
internal import ProviderSimulator

/// One readable line on stderr: time (UTC), message, then what it is about. Control characters are shown as `·`.
struct ReadableLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(logLevel: Logger.Level) {
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    private static func printable(_ line: String) -> String {
        String(line.map { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } ? $0 : "·" })
    }

    func log(event: LogEvent) {
        var fields = metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 })
        var line = "\(WallTime.now.utc.dropFirst(11).dropLast()) \(event.message)"
        // What happened reads as a part of the sentence; the rest are names and values.
        if let event = fields.removeValue(forKey: "event") { line += " \(event)" }
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(value)" }
        Terminal.error(Self.printable(line))
    }
}
