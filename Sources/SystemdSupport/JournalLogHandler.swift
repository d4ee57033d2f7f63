package import Logging

/// Sends log statements to the systemd journal with each piece of metadata as a field of its own.
///
/// `journalctl CTIBRIDGE_SOURCE=ovh/paris` then finds every entry about one source.
package struct JournalLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let label: String
    private let identifier: String
    private let sink: JournalSink

    package init(label: String, level: Logger.Level, sink: JournalSink, identifier: String = "ctibridged") {
        self.sink = sink
        self.label = label
        self.identifier = identifier
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        sink.send(
            JournalFields.make(
                event, metadata: event.allMetadata(metadata, metadataProvider), identifier: identifier, label: label),
            essential: JournalFields.essential)
    }
}
