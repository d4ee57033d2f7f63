import Logging

/// The fields of one journal entry (systemd.journal-fields(7)).
enum JournalFields {
    /// A longer value is cut. Far below the size at which an entry has to travel as a file.
    static let maximumValueBytes = 8_192
    /// Further metadata is left out of the fields; the message still has it.
    static let maximumMetadata = 32
    /// The first of them, without the metadata: the message has it, too.
    static let essential = 8
    /// systemd refuses longer names.
    private static let maximumNameBytes = 64

    /// `NAME=value` each. `MESSAGE` repeats the metadata, because it is all that `journalctl` shows; the constant part
    /// alone is in `CTIBRIDGE_EVENT`, to be matched.
    static func make(_ event: LogEvent, metadata: Logger.Metadata, identifier: String, label: String) -> [String] {
        let text = LogText.escaped(event.message.description, limit: maximumValueBytes)
        let pairs = LogText.pairs(metadata, limit: 1_024)
        var fields = [
            "MESSAGE=" + LogText.cut(pairs.isEmpty ? text : "\(text)  \(pairs)", to: maximumValueBytes),
            "PRIORITY=\(event.level.syslogPriority)",
            "SYSLOG_IDENTIFIER=\(identifier)",
            "CODE_FILE=\(event.file)",
            "CODE_LINE=\(event.line)",
            "CODE_FUNC=\(event.function)",
            "CTIBRIDGE_LOGGER=\(label)",
            "CTIBRIDGE_EVENT=\(text)",
        ]
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }).prefix(maximumMetadata) {
            fields.append("\(name(key))=\(LogText.cut(value.description, to: maximumValueBytes))")
        }
        return fields
    }

    /// `CTIBRIDGE_POLL_TIMEOUT` for `poll-timeout`: capitals, digits and underscores are all a name may hold.
    static func name(_ key: String) -> String {
        var name = "CTIBRIDGE_"
        for byte in key.utf8 where name.utf8.count < maximumNameBytes {
            switch byte {
            case 97...122: name.unicodeScalars.append(Unicode.Scalar(byte - 32))
            case 65...90, 48...57: name.unicodeScalars.append(Unicode.Scalar(byte))
            default: name += "_"
            }
        }
        return name
    }
}

extension LogText {
    /// At most `limit` bytes, ending at a character.
    static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var result = ""
        var room = limit
        for scalar in text.unicodeScalars {
            room -= UTF8.width(scalar)
            guard room >= 0 else { break }
            result.unicodeScalars.append(scalar)
        }
        return result + "…"
    }
}

extension Logger.Level {
    /// RFC 5424, section 6.2.1.
    var syslogPriority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
