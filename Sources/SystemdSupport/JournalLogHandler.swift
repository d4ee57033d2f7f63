import CSystemd
import Glibc
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

    package init(label: String, level: Logger.Level, identifier: String = "ctibridged") {
        self.label = label
        self.identifier = identifier
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        Self.send(
            JournalFields.make(
                event, metadata: event.allMetadata(metadata, metadataProvider), identifier: identifier, label: label))
    }

    /// An entry that cannot be sent is lost: there is nowhere to say so.
    private static func send(_ fields: [String]) {
        // One buffer for all fields: their addresses must hold still until the call returns.
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        for field in fields {
            let start = bytes.count
            bytes += field.utf8
            ranges.append(start..<bytes.count)
        }
        bytes.withUnsafeMutableBytes { buffer in
            let vectors = ranges.map { range in
                iovec(iov_base: buffer.baseAddress?.advanced(by: range.lowerBound), iov_len: range.count)
            }
            _ = sd_journal_sendv(vectors, Int32(vectors.count))
        }
    }
}
