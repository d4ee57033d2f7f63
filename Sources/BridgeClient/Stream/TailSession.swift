import CallModel
import NIOCore

/// Follows the stream through any number of connections: asks, prints, and carries out what `TailStateMachine` decides.
package struct TailSession {
    /// Three bookmarks of 15 seconds: a daemon that is silent for longer is not there any more. Somebody who waits for
    /// the end waits for one, and some time for it to be made.
    private var silence: Span { isFollowing ? .seconds(45) : .seconds(20) }

    private let isFollowing: Bool

    private let client: APIClient
    private let printer: StreamPrinter
    private let note: (String) -> Void
    private var machine: TailStateMachine

    /// - Parameter note: Takes what a person should know and what is no event; each text is one line.
    package init(client: APIClient, request: TailRequest, printer: StreamPrinter, note: @escaping (String) -> Void) {
        self.client = client
        self.printer = printer
        self.note = note
        isFollowing = request.follow
        machine = TailStateMachine(request, endpoint: client.endpoint.description)
    }

    /// Returns when nobody reads the output any more, when the task is cancelled, or when all was read and following
    /// was not asked for.
    package mutating func run() async throws(ClientFailure) {
        while true {
            let end: TailStateMachine.ConnectionEnd
            do {
                switch try await connect() {
                case .readerGone: return
                case .connection(let ended): end = ended
                }
            } catch {
                end = .failed(error)
            }
            if Task.isCancelled { return }
            switch machine.ended(end) {
            case .finish: return
            case .fail(let failure): throw explain(failure)
            case .retry(let span, let text):
                if let text { note(text) }
                do { try await Task.sleep(for: .milliseconds(span.milliseconds)) } catch { return }
            }
        }
    }

    private enum ReadEnd: Sendable, Equatable {
        case readerGone
        case connection(TailStateMachine.ConnectionEnd)
    }

    private mutating func connect() async throws(ClientFailure) -> ReadEnd {
        var machine = machine
        defer { self.machine = machine }
        return try await client.exchange(machine.apiRequest, silence: silence) { head, body in
            try await APIClient.requireSuccess(head, &body)
            if let text = machine.connected() { note(text) }
            var splitter = LineSplitter()
            while let piece = try await body.next() {
                splitter.append(piece.readableBytesView)
                let end = try acceptLines(&splitter, &machine)
                if end == .readerGone { return .readerGone }
                if try printer.flush(cursor: machine.cursor) == .readerGone { return .readerGone }
                if let end { return end }
            }
            return .connection(.complete)
        }
    }

    /// Takes every whole line; nil when the connection has more to give.
    private func acceptLines(
        _ splitter: inout LineSplitter, _ machine: inout TailStateMachine
    ) throws(ClientFailure) -> ReadEnd? {
        while let line = try splitter.next() {
            let envelope = try EventEnvelope(line: line)
            let action = machine.lineReceived(envelope)
            if action != .drop, try printer.accept(line, envelope) == .readerGone { return .readerGone }
            if action == .reconnect { return .connection(.abandoned) }
        }
        return nil
    }

    /// Adds to a 410 what can be done about it.
    private func explain(_ failure: ClientFailure) -> ClientFailure {
        guard case .refused(let problem) = failure, problem.status == 410 else { return failure }
        var text = machine.cursor.map { "the daemon cannot go on after \($0)" } ?? "the daemon cannot begin there"
        text += ": \(problem.detail ?? problem.title ?? "what follows is no longer kept")."
        let oldest = problem.members["oldest"]?.text
        if let oldest { text += " What is kept begins after \(oldest)" }
        if oldest != nil, let head = problem.members["head"]?.text { text += " and ends with \(head)." }
        text += " To read all that is kept: --after oldest. To read new events only: leave out --after and --since."
        text += " With --cursor-file, remove that file first."
        return .refused(Problem(status: 410, detail: text, members: problem.members))
    }
}
