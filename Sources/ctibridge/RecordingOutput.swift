import BridgeClient
import Glibc

/// A file for a recording, readable by its owner alone, or standard output.
final class RecordingOutput: Sendable {
    private let descriptor: CInt
    private let output: OutputDescriptor

    /// Throws where the file exists: a recording of something else is not worth losing.
    init(path: String) throws(ClientFailure) {
        if path == "-" {
            descriptor = STDOUT_FILENO
        } else {
            descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw .file("cannot create \(path): \(String(cString: strerror(errno)))") }
        }
        output = OutputDescriptor(descriptor: descriptor)
    }

    deinit {
        if descriptor != STDOUT_FILENO { close(descriptor) }
    }

    func write(_ bytes: [UInt8]) throws(ClientFailure) -> OutputDescriptor.Written { try output.write(bytes) }

    /// What was written is on the disk, or this throws.
    func finish() throws(ClientFailure) {
        guard descriptor != STDOUT_FILENO, fsync(descriptor) != 0 else { return }
        throw .file("cannot write the file: \(String(cString: strerror(errno)))")
    }
}
