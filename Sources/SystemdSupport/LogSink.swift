import Glibc
import Synchronization

/// Writes whole lines to a descriptor that may be blocked, slow or closed, and never waits for it.
///
/// A terminal stopped by Ctrl-S or a pipe that nobody reads would otherwise stop every thread that logs. Lines that
/// find no room are counted, and the count is written as soon as there is room again.
package final class LogSink: Sendable {
    private struct State {
        var dropped = 0
        /// The end of a line of which a terminal took the beginning.
        var rest: ArraySlice<UInt8> = []
    }

    /// 128 less than PIPE_BUF, which a pipe takes in one piece or not at all (pipe(7)): the rest is for the count.
    package static let maximumLineBytes = 3_968

    private let output: LogOutput
    private let state = Mutex(State())

    /// `descriptor` stays the caller's.
    package init(descriptor: Int32) {
        output = LogOutput(descriptor: descriptor)
    }

    /// Adds the line break. A longer line is cut.
    package func write(_ line: String) {
        // 4: the mark of a cut, three bytes, and the line break.
        let text = LogText.cut(line, to: Self.maximumLineBytes - 4) + "\n"
        state.withLock { state in
            if !state.rest.isEmpty { state.rest = state.rest.dropFirst(output.write(state.rest)) }
            guard state.rest.isEmpty else {
                state.dropped += 1
                return
            }
            // In one piece with the line, or else the last room would fill with counts.
            let notice =
                state.dropped == 0
                ? "" : "\(LogClock.rfc3339()) warning log lines dropped  count=\(state.dropped)\n"
            let bytes = Array((notice + text).utf8)
            let count = output.write(bytes[...])
            if count == 0 {
                state.dropped += 1
            } else {
                state.dropped = 0
                state.rest = bytes[count...]
            }
        }
    }
}
