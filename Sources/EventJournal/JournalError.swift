import GRDB

/// Why the journal could not do what was asked: what failed, on which file, and what to do about it.
///
/// Never holds what was to be stored, only the words of SQLite or of the system.
package struct JournalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What an operator can do about it depends on this. The raw values are shown to operators.
    package enum Kind: String, Sendable {
        /// Another process has this journal open.
        case inUse
        /// The file or its directory cannot be opened, created or written.
        case notPermitted
        /// The file exists, but is not a journal.
        case notAJournal
        /// The file was a journal, but is damaged.
        case damaged
        /// A newer version of the program wrote the file.
        case newer
        /// No space is left; goes away when there is space again.
        case full
        /// The disk or file system failed.
        case inputOutput
        /// Something else holds the database; goes away by itself.
        case busy
        /// The journal has been closed.
        case closed
        /// Anything else SQLite reports.
        case unexpected
    }

    package var kind: Kind
    package var path: String
    /// The words of SQLite or of the system.
    package var detail: String

    package init(_ kind: Kind, path: String, detail: String) {
        self.kind = kind
        self.path = path
        self.detail = detail
    }

    package var description: String {
        let (failure, advice) = explanation
        return "journal \(path): \(failure) (\(detail)); \(advice)"
    }

    private var explanation: (failure: String, advice: String) {
        switch kind {
        case .inUse:
            ("already open in another process", "stop that process, or give this one another --state-dir")
        case .notPermitted:
            ("cannot be opened for writing", "give the daemon's user write access to the file and its directory")
        case .notAJournal:
            ("the file is not a ctibridge journal", "move it away or configure another --state-dir")
        case .damaged:
            (
                "the database is damaged",
                "stop the daemon, keep a copy, then restore a backup or move the file and its -wal away to start anew"
            )
        case .newer:
            ("written by a newer version of ctibridge", "install that version again, or move the file away")
        case .full:
            ("no space left", "free space on the file system or lower journal.max_size")
        case .inputOutput:
            ("reading or writing failed", "check the disk and the system log")
        case .busy:
            ("locked by another program", "close the program that has the file open")
        case .closed:
            ("used after it was closed", "this happens only while the daemon stops")
        case .unexpected:
            ("SQLite refused", "this is a fault of ctibridge, please report it")
        }
    }
}

extension JournalError {
    /// Sorts an error of SQLite by what an operator can do about it.
    init(_ error: any Error, path: String) {
        if let error = error as? JournalError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.unexpected, path: path, detail: String(describing: type(of: error)))
            return
        }
        let kind: Kind
        switch error.resultCode {
        case .SQLITE_FULL: kind = .full
        case .SQLITE_IOERR, .SQLITE_NOLFS: kind = .inputOutput
        case .SQLITE_CORRUPT: kind = .damaged
        case .SQLITE_NOTADB: kind = .notAJournal
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: kind = .notPermitted
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: kind = .busy
        case .SQLITE_MISUSE: kind = .closed
        default: kind = .unexpected
        }
        let message = error.message ?? "no message"
        self.init(kind, path: path, detail: "\(message), SQLite code \(error.extendedResultCode.rawValue)")
    }
}
