// See `JournalSink` for why both.
import CSystemd
import Glibc

/// A descriptor that is written to without waiting, although others may have it open in blocking mode.
///
/// O_NONBLOCK belongs to an open file and thereby to everyone who shares it, a shell for instance, so it is never set
/// on the descriptor itself.
final class LogOutput: Sendable {
    private enum Kind {
        /// An open file of our own for the same terminal or pipe, in non-blocking mode.
        case reopened
        case socket
        /// A file, or something that could not be opened again: written to only when poll(2) promises room. A pipe
        /// keeps that promise for PIPE_BUF bytes; a terminal keeps it where output was stopped by Ctrl-S.
        case polled
    }

    private let descriptor: Int32
    private let kind: Kind

    init(descriptor: Int32) {
        var status = stat()
        let type = fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
        // A file is not opened again: our position in it would no longer be that of its other writers.
        if type == S_IFCHR || type == S_IFIFO {
            let reopened = open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
            if reopened >= 0 {
                (self.descriptor, kind) = (reopened, .reopened)
                return
            }
        }
        (self.descriptor, kind) = (descriptor, type == S_IFSOCK ? .socket : .polled)
    }

    deinit {
        if kind == .reopened { close(descriptor) }
    }

    /// How many of `bytes` were taken; 0 where none were, for whatever reason.
    func write(_ bytes: ArraySlice<UInt8>) -> Int {
        if kind == .polled {
            var readiness = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&readiness, 1, 0) == 1, readiness.revents & Int16(POLLOUT) != 0 else { return 0 }
        }
        return bytes.withUnsafeBytes { buffer in
            while true {
                // EPIPE comes as an error: SIGPIPE is ignored from the first line of `main` on.
                let count =
                    kind == .socket
                    ? send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
                    : Glibc.write(descriptor, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                return max(count, 0)
            }
        }
    }
}
