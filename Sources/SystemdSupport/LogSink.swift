import Glibc
import Synchronization

/// Writes whole lines to a descriptor that may be blocked, slow or closed, and never waits for it.
///
/// A terminal stopped by Ctrl-S or a pipe that nobody reads would otherwise stop every thread that logs. Lines that
/// find no room are counted, and the count is written as soon as there is room again.
package final class LogSink: Sendable {
    private struct State {
        var dropped = 0
    }

    /// PIPE_BUF: a pipe that poll(2) calls writable takes this much without blocking, and in one piece (pipe(7)).
    package static let maximumLineBytes = 4_096

    private let descriptor: Int32
    private let state = Mutex(State())

    /// `descriptor` stays the caller's.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Adds the line break. A longer line is cut.
    package func write(_ line: String) {
        state.withLock { state in
            if state.dropped > 0 {
                let notice = "\(LogClock.rfc3339()) warning log lines dropped  count=\(state.dropped)"
                guard put(notice) else {
                    state.dropped += 1
                    return
                }
                state.dropped = 0
            }
            if !put(line) { state.dropped += 1 }
        }
    }

    private func put(_ line: String) -> Bool {
        // 4: the mark of a cut, three bytes, and the line break.
        let bytes = Array((LogText.cut(line, to: Self.maximumLineBytes - 4) + "\n").utf8)
        // Not O_NONBLOCK: the flag belongs to everyone who has this terminal or pipe open.
        var readiness = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&readiness, 1, 0) == 1, readiness.revents & Int16(POLLOUT) != 0 else { return false }
        while true {
            // EPIPE comes as an error: SIGPIPE is ignored from the first line of `main` on.
            let count = Glibc.write(descriptor, bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            return count == bytes.count
        }
    }
}

/// The time of day as log lines have it.
enum LogClock {
    /// UTC, milliseconds.
    static func rfc3339() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return rfc3339(seconds: now.tv_sec, milliseconds: now.tv_nsec / 1_000_000)
    }

    static func rfc3339(seconds: Int, milliseconds: Int) -> String {
        var seconds = time_t(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func digits(_ value: Int, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
        }
        let date = [digits(Int(parts.tm_year) + 1_900, 4), digits(Int(parts.tm_mon) + 1, 2), digits(Int(parts.tm_mday), 2)]
        let time = [digits(Int(parts.tm_hour), 2), digits(Int(parts.tm_min), 2), digits(Int(parts.tm_sec), 2)]
        return date.joined(separator: "-") + "T" + time.joined(separator: ":") + ".\(digits(milliseconds, 3))Z"
    }
}
