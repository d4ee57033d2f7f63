package import CallModel
import Glibc

/// Shows the live calls on a terminal and keeps the picture up to date until the process is interrupted.
package struct CallWatch: Sendable {
    private static let enter: StaticString = "\u{1B}[?1049h\u{1B}[?25l"
    private static let leave: StaticString = "\u{1B}[?25h\u{1B}[?1049l"

    private let client: APIClient
    private let table: CallTable
    private let output: OutputDescriptor
    private let interval: Span

    package init(client: APIClient, table: CallTable, output: OutputDescriptor, interval: Span) {
        self.client = client
        self.table = table
        self.output = output
        self.interval = interval
    }

    /// Returns when the terminal is gone. A daemon that goes away is waited for, one that was never there is an error.
    package func run(_ request: CallListRequest) async throws(ClientFailure) {
        var calls = try await list(request)
        Self.restoreOnSignals()
        // In the background the terminal is somebody else's; `fg` takes it over.
        if output.isInForeground { _ = try output.write("\(Self.enter)") }
        defer { if output.isInForeground { _ = try? output.write("\(Self.leave)") } }
        var trouble: String?
        while true {
            if output.isInForeground, try output.write(picture(calls, trouble: trouble)) == .readerGone { return }
            do { try await Task.sleep(for: .milliseconds(interval.milliseconds)) } catch { return }
            do {
                calls = try await list(request)
                trouble = nil
            } catch .unreachable(let text, _), .interrupted(let text) {
                trouble = text
            } catch .silent(let seconds) {
                trouble = ClientFailure.silent(seconds: seconds).description
            } catch .busy(let problem) {
                trouble = problem.description
            }
        }
    }

    private func list(_ request: CallListRequest) async throws(ClientFailure) -> [JSONValue] {
        try ReplyDocument(await client.reply(to: request.apiRequest, silence: .seconds(10))).list("calls")
    }

    /// The whole screen, drawn over the old one without clearing it first: that would flicker.
    func picture(_ calls: [JSONValue], trouble: String?) -> String {
        let columns = output.columns ?? 80
        let rows = max(4, output.rows ?? 24)
        let now = ClientProcess.now
        var lines = ["\(calls.count) live \(calls.count == 1 ? "call" : "calls")  \(WallClock.local.time(now))"]
        if let trouble { lines.append(TerminalText.cut("not up to date: \(TerminalText.plain(trouble))", to: columns)) }
        let body = table.lines(calls, now: now, columns: columns)
        let room = rows - lines.count
        lines += body.prefix(room)
        if body.count > room { lines[lines.count - 1] = "… \(body.count - room + 1) more" }
        return "\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J"
    }

    /// Gives the terminal back before a signal ends the process the way it would have anyway.
    private static func restoreOnSignals() {
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            signal(number) { number in
                CallWatch.giveBack()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        signal(SIGTSTP, stop)
        signal(SIGCONT) { _ in
            signal(SIGTSTP, CallWatch.stop)
            guard tcgetpgrp(STDOUT_FILENO) == getpgrp() else { return }
            _ = Glibc.write(STDOUT_FILENO, CallWatch.enter.utf8Start, CallWatch.enter.utf8CodeUnitCount)
        }
    }

    /// Only where it is ours: what the shell has taken back after Ctrl-Z and `bg` is written to by somebody else now.
    /// Only async-signal-safe calls here (signal-safety(7)).
    private static func giveBack() {
        let group = tcgetpgrp(STDOUT_FILENO)
        guard group < 0 || group == getpgrp() else { return }
        _ = Glibc.write(STDOUT_FILENO, CallWatch.leave.utf8Start, CallWatch.leave.utf8CodeUnitCount)
    }

    /// Ctrl-Z: whoever gets the terminal meanwhile gets it as it was.
    private static let stop: @convention(c) (CInt) -> Void = { _ in
        CallWatch.giveBack()
        signal(SIGTSTP, SIG_DFL)
        raise(SIGTSTP)
    }
}
