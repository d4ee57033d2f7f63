import Glibc

/// A file for a recording, readable by its owner alone, or standard output.
///
/// The file gets its name once it is whole: whatever ends this program before that, Ctrl-C or a full disk, no half of a
/// recording can be taken for all of it, and no name is used up.
package final class RecordingOutput: Sendable {
    private let descriptor: CInt
    private let path: String
    private let output: OutputDescriptor
    /// Where the file system knows no files without a name (`O_TMPFILE`), the one it has meanwhile.
    private let interim: String?

    /// Throws where the file exists: a recording of something else is not worth losing, nor is what somebody keeps
    /// under the name it has meanwhile.
    ///
    /// - Parameter mayBeNameless: whether a file without a name is tried first; where it is not, a test takes the way
    ///   of the file systems that know none.
    package init(path: String, mayBeNameless: Bool = true) throws(ClientFailure) {
        self.path = path
        var interim: String?
        if path == "-" {
            descriptor = STDOUT_FILENO
        } else {
            guard access(path, F_OK) != 0 else { throw .file("cannot create \(path): \(Self.text(EEXIST))") }
            if mayBeNameless, let nameless = try Self.nameless(beside: path) {
                descriptor = nameless
            } else {
                descriptor = try Self.named("\(path).part")
                interim = "\(path).part"
            }
        }
        self.interim = interim
        output = OutputDescriptor(descriptor: descriptor)
    }

    deinit {
        if let interim { unlink(interim) }
        if descriptor != STDOUT_FILENO { close(descriptor) }
    }

    package func write(_ bytes: [UInt8]) throws(ClientFailure) -> OutputDescriptor.Written { try output.write(bytes) }

    /// What was written is on the disk under its name, or this throws.
    package func finish() throws(ClientFailure) {
        guard descriptor != STDOUT_FILENO else { return }
        guard fsync(descriptor) == 0 else { throw .file("cannot write \(path): \(Self.text(errno))") }
        // What was opened, whatever has the interim name by now.
        guard linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) != 0 else { return }
        guard let interim, [EPERM, EOPNOTSUPP, ENOSYS].contains(errno) else {
            throw .file("cannot create \(path): \(Self.text(errno))")
        }
        try rename(interim)
    }

    /// Where a file cannot have two names, such as on FAT: over an empty file that is ours, so that nothing of somebody
    /// else's is replaced.
    private func rename(_ interim: String) throws(ClientFailure) {
        let reserved = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard reserved >= 0 else { throw .file("cannot create \(path): \(Self.text(errno))") }
        close(reserved)
        guard Glibc.rename(interim, path) == 0 else {
            let code = errno
            unlink(path)
            throw .file("cannot create \(path): \(Self.text(code))")
        }
    }

    // MARK: - Opening

    /// Nil where the file system knows no such files.
    private static func nameless(beside path: String) throws(ClientFailure) -> CInt? {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let opened = open(folder, O_WRONLY | temporary | O_CLOEXEC, 0o600)
        if opened >= 0 { return opened }
        guard [EOPNOTSUPP, EISDIR, EINVAL].contains(errno) else {
            throw .file("cannot create \(path): \(text(errno))")
        }
        return nil
    }

    /// A file of ours alone: what is there already, a link too, is somebody's.
    private static func named(_ interim: String) throws(ClientFailure) -> CInt {
        let opened = open(interim, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        if opened >= 0 { return opened }
        let code = errno
        let hint = code == EEXIST ? "; remove it, if a capture that was killed left it, or write elsewhere" : ""
        throw .file("cannot create \(interim): \(text(code))\(hint)")
    }

    /// `O_TMPFILE`, which Swift does not import: `__O_TMPFILE | O_DIRECTORY` of `asm-generic/fcntl.h`.
    private static let temporary = 0o20_000_000 | O_DIRECTORY

    private static func text(_ code: CInt) -> String { String(cString: strerror(code)) }
}
