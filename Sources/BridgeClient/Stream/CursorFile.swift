package import CallModel
import Glibc

/// Remembers across runs how far a reader has come.
///
/// The file holds one cursor and a line break, the number with leading zeros so that every cursor of a journal has the
/// same length. That allows two ways to save: the file is replaced whole (written beside, synced, renamed, directory
/// synced) at the end of each batch, and overwritten by one `pwrite` of less than a page in between. Either way it
/// holds the old cursor or the new one after a kill, and never half of one. Replacing it for every line of a backlog
/// would take 1.5 ms each where a renamed file is flushed, as on ext4.
package final class CursorFile {
    package let path: String
    /// The present file, open for overwriting.
    private var present: (descriptor: CInt, length: Int)?

    package init(path: String) {
        self.path = path
    }

    deinit {
        if let present { close(present.descriptor) }
    }

    /// The cursor of the last run; nil where the file does not exist.
    ///
    /// A file without a cursor in it is an error, an empty one too: to begin with new events would leave out, without a
    /// word, all since the cursor that was lost. So is a place where no cursor can be saved, before anything is
    /// printed.
    package func load() throws(ClientFailure) -> Cursor? {
        try checkPlace()
        let file = open(path, O_RDONLY | O_CLOEXEC)
        if file < 0 {
            if errno == ENOENT { return nil }
            throw failure("cannot read")
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(file, &bytes, bytes.count)
        guard count >= 0 else { throw failure("cannot read") }
        let words = bytes[..<count].split { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 }
        if words.isEmpty, count < bytes.count {
            throw .file(
                "\(path) is empty: the cursor in it was lost, or never written. To start anew, remove the file; "
                    + "--after oldest then reads all that is kept")
        }
        guard words.count == 1, let cursor = Cursor(String(decoding: words[0], as: UTF8.self)),
            !cursor.epoch.contains(":")
        else {
            throw .file("\(path) holds no cursor (epoch:seq); is it the right file? Remove it to start anew")
        }
        return cursor
    }

    /// - Parameter synced: Whether the new cursor must outlast a power cut too. One that is not synced may go back to
    ///   an older one in a power cut.
    package func save(_ cursor: Cursor, synced: Bool) throws(ClientFailure) {
        let record = record(cursor)
        if !synced, let present, present.length == record.count {
            guard pwrite(present.descriptor, record, record.count, 0) == record.count else {
                throw failure("cannot write")
            }
            return
        }
        let temporary = path + ".tmp"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure("cannot create", temporary) }
        // Before it takes the old file's place, always: a power cut must not leave an empty one there.
        guard pwrite(file, record, record.count, 0) == record.count, fsync(file) == 0 else {
            let failure = failure("cannot write", temporary)
            close(file)
            throw failure
        }
        guard rename(temporary, path) == 0 else {
            let failure = failure("cannot replace")
            close(file)
            throw failure
        }
        if synced { syncDirectory() }
        if let present { close(present.descriptor) }
        present = (file, record.count)
    }

    private func checkPlace() throws(ClientFailure) {
        let temporary = path + ".tmp"
        let file = open(temporary, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure("no cursor can be kept: cannot create", temporary) }
        close(file)
        unlink(temporary)
    }

    private func record(_ cursor: Cursor) -> [UInt8] {
        let digits = String(cursor.seq)
        let zeros = String(repeating: "0", count: 19 - digits.count)  // 2^63 has 19 digits
        return Array("\(cursor.epoch):\(zeros)\(digits)\n".utf8)
    }

    /// Makes the rename itself durable. Some file systems do not allow it; the file is whole all the same.
    private func syncDirectory() {
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let directory = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }

    private func failure(_ action: String, _ path: String? = nil, _ code: CInt = errno) -> ClientFailure {
        .file("\(action) \(path ?? self.path): \(String(cString: strerror(code)))")
    }
}
