package import CallModel
import Glibc
import HostSupport
import NIOCore

/// What the client needs of the process it is.
package enum ClientProcess {
    /// To be called before anything else: a closed pipe is an error of `write` and not the end of the process, and
    /// one event loop is enough for one connection.
    package static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        StandardStreams.reserve()
        NIOSingletons.groupLoopCountSuggestion = 1
        tzset()
    }

    /// Nil, too, for a variable that is set and empty.
    package static func environment(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    package static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Says something to a person: one line on standard error.
    package static func note(_ text: String) {
        _ = try? OutputDescriptor.standardError.write("ctibridge: \(TerminalText.plain(text))\n")
    }

    package static func exit(_ code: Int32) -> Never {
        Glibc.exit(code)
    }

    /// Ends the process without a word when nobody reads its output any more, even if there is nothing to write.
    ///
    /// Asked once a second, as there is no event for it that works on pipes, sockets and terminals alike.
    package static func exitWhenReaderIsGone(_ output: OutputDescriptor) {
        Task.detached {
            while true {
                try await Task.sleep(for: .seconds(1))
                if output.isReaderGone { exit(0) }
            }
        }
    }
}
