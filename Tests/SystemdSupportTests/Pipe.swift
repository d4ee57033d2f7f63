import Glibc

/// A pipe; its write end plays standard error.
final class Pipe {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError(code: errno) }
        // As `main` does: a write to a closed pipe is an error and not the end.
        signal(SIGPIPE, SIG_IGN)
        readEnd = ends[0]
        writeEnd = ends[1]
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    private var isReadEndOpen = true

    func closeReadEnd() {
        guard isReadEndOpen else { return }
        isReadEndOpen = false
        close(readEnd)
    }

    /// What is in the pipe now.
    func drain() -> String {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var readiness = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        while poll(&readiness, 1, 0) == 1, readiness.revents & Int16(POLLIN) != 0 {
            let count = read(readEnd, &buffer, buffer.count)
            guard count > 0 else { break }
            all += buffer[..<count]
        }
        return String(decoding: all, as: UTF8.self)
    }

    deinit {
        closeReadEnd()
        close(writeEnd)
    }
}
