package import CallModel
import Glibc

/// Remembers across runs how far a reader has come.
///
/// The file holds one cursor and a line break. It is replaced whole (written beside, renamed), so that it holds the old
/// cursor or the new one after a kill, and never half of one.
package struct CursorFile: Sendable {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// The cursor of the last run; nil where the file does not exist or is empty.
    package func load() throws(ClientFailure) -> Cursor? {
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
        if words.isEmpty, count < bytes.count { return nil }
        guard words.count == 1, let cursor = Cursor(String(decoding: words[0], as: UTF8.self)),
            !cursor.epoch.contains(":")
        else {
            throw .file("\(path) holds no cursor (epoch:seq); is it the right file? Remove it to start anew")
        }
        return cursor
    }

    /// - Parameter synced: Whether the new cursor must outlast a power cut too, which takes two syncs of the disk
    ///   and is for the end of a batch. A cursor that is not synced may go back to an older one in a power cut.
    package func save(_ cursor: Cursor, synced: Bool) throws(ClientFailure) {
        let temporary = path + ".tmp"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure("cannot create", temporary) }
        let isWritten = writeAll("\(cursor)\n", to: file) && (!synced || fsync(file) == 0)
        let code = errno
        close(file)
        guard isWritten else { throw failure("cannot write", temporary, code) }
        guard rename(temporary, path) == 0 else { throw failure("cannot replace") }
        if synced { syncDirectory() }
    }

    private func writeAll(_ text: String, to file: CInt) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
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
