import BridgeClient
import Glibc

/// A file for a recording, readable by its owner alone, or standard output.
///
/// The file gets its name once it is whole: whatever ends this program before that, Ctrl-C or a full disk, no half of a
/// recording can be taken for all of it, and no name is used up.
final class RecordingOutput: Sendable {
    private let descriptor: CInt
    private let path: String
    private let output: OutputDescriptor
    /// Where the file system knows no files without a name (`O_TMPFILE`), the one it has meanwhile.
    private let interim: String?

    /// Throws where the file exists: a recording of something else is not worth losing.
    init(path: String) throws(ClientFailure) {
        self.path = path
        var interim: String?
        if path == "-" {
            descriptor = STDOUT_FILENO
        } else {
            guard access(path, F_OK) != 0 else { throw .file("cannot create \(path): \(Self.text(EEXIST))") }
            let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
            var opened = open(folder, O_WRONLY | Self.nameless | O_CLOEXEC, 0o600)
            if opened < 0, [EOPNOTSUPP, EISDIR, EINVAL].contains(errno) {
                interim = "\(path).part"
                opened = open("\(path).part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            }
            guard opened >= 0 else { throw .file("cannot create \(path): \(Self.text(errno))") }
            descriptor = opened
        }
        self.interim = interim
        output = OutputDescriptor(descriptor: descriptor)
    }

    deinit {
        if let interim { unlink(interim) }
        if descriptor != STDOUT_FILENO { close(descriptor) }
    }

    func write(_ bytes: [UInt8]) throws(ClientFailure) -> OutputDescriptor.Written { try output.write(bytes) }

    /// What was written is on the disk under its name, or this throws.
    func finish() throws(ClientFailure) {
        guard descriptor != STDOUT_FILENO else { return }
        guard fsync(descriptor) == 0 else { throw .file("cannot write \(path): \(Self.text(errno))") }
        let source = interim ?? "/proc/self/fd/\(descriptor)"
        guard linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 else {
            throw .file("cannot create \(path): \(Self.text(errno))")
        }
    }

    /// `O_TMPFILE`, which Swift does not import: `__O_TMPFILE | O_DIRECTORY` of `asm-generic/fcntl.h`.
    private static let nameless = 0o20_000_000 | O_DIRECTORY

    private static func text(_ code: CInt) -> String { String(cString: strerror(code)) }
}
