import Glibc

/// Standard input, output and error.
package enum StandardStreams {
    /// Puts something in the place of those that are closed, before the first file or socket is opened: it would get
    /// the number of a standard stream, and lines and logs would be written into it.
    ///
    /// Reading from standard input or writing to the others fails afterwards with `EBADF`, as if they were still
    /// closed.
    package static func reserve() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
