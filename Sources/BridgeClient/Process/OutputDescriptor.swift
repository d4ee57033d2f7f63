import Glibc

/// A file descriptor that text is written to: standard output, or a pipe in a test.
package struct OutputDescriptor: Sendable {
    /// How far a write came.
    package enum Written: Sendable, Hashable {
        case all
        /// The other end of the pipe was closed: there is nobody to write for, and nothing is wrong.
        case readerGone
    }

    package static let standardOutput = OutputDescriptor(descriptor: STDOUT_FILENO)
    package static let standardError = OutputDescriptor(descriptor: STDERR_FILENO)

    private let descriptor: CInt

    package init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    package var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Whether it is no terminal, or one whose foreground is ours (Ctrl-Z, `bg`).
    package var isInForeground: Bool {
        let group = tcgetpgrp(descriptor)
        return group < 0 || group == getpgrp()
    }

    /// Writes all of `bytes`, waiting as long as the reader needs, also where the descriptor is non-blocking.
    ///
    /// SIGPIPE must be ignored.
    package func write(_ bytes: [UInt8]) throws(ClientFailure) -> Written {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: waitUntilWritable()
            case EPIPE, ECONNRESET: return .readerGone
            default: throw .file("cannot write the output: \(String(cString: strerror(errno)))")
            }
        }
        return .all
    }

    package func write(_ text: String) throws(ClientFailure) -> Written {
        try write(Array(text.utf8))
    }

    /// Whether the other end of the pipe or socket was closed, which a writer otherwise learns when it writes.
    package var isReaderGone: Bool {
        var entry = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&entry, 1, 0) > 0 && entry.revents & Int16(POLLERR | POLLHUP) != 0
    }

    /// Whether this is a file that does not end with a line break: a writer before us was killed in the middle of one.
    package var endsInMidLine: Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            return false
        }
        // The descriptor itself may be open for writing only.
        let file = open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var last: UInt8 = 0
        return pread(file, &last, 1, status.st_size - 1) == 1 && last != 0x0A
    }

    /// The width of the terminal in columns; nil where this is none.
    package var columns: Int? { size.map { Int($0.ws_col) }.flatMap { $0 > 0 ? $0 : nil } }
    /// The height of the terminal in lines; nil where this is none.
    package var rows: Int? { size.map { Int($0.ws_row) }.flatMap { $0 > 0 ? $0 : nil } }

    private var size: winsize? {
        var size = winsize()
        return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
    }

    private func waitUntilWritable() {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&entry, 1, -1)
    }
}
