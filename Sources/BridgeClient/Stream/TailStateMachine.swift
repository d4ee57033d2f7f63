package import CallModel

/// Decides where a reader of the stream is, which lines are new to it, and what to do when a connection ends.
///
/// The position is the cursor of the last line that was delivered, or of a later bookmark: a new connection asks for
/// what comes after it, and a line at or before it is never delivered again.
package struct TailStateMachine: Sendable {
    /// What to do with a line.
    package enum LineAction: Sendable, Hashable {
        case deliver
        /// The line was delivered before.
        case drop
        /// The daemon has left events out for this connection; a new one gets them from the journal.
        case reconnect
    }

    /// How an answer came to its end.
    package enum ConnectionEnd: Sendable, Hashable {
        /// The answer ended as it should.
        case complete
        case failed(ClientFailure)
        /// We ended it.
        case abandoned
    }

    /// What to do after that.
    package enum EndAction: Sendable, Hashable {
        case finish
        case fail(ClientFailure)
        /// Connect again after this time; the note is for a person and comes once until the connection is back.
        case retry(after: Span, note: String?)
    }

    /// The first wait; every further one is twice as long.
    package static let shortestWait = Span.milliseconds(100)
    package static let longestWait = Span.seconds(5)
    /// A reader that does not follow gives up after this many connections without a new line, and at once where the
    /// daemon says nothing.
    package static let attemptsWithoutFollowing = 5

    /// What to go on after; nil where nothing was delivered and no start was asked for.
    package private(set) var cursor: Cursor?
    /// Whether the next connection asks for the live calls: until they have all come once. A reader that goes on from
    /// somewhere gets none, as they show the present.
    package private(set) var wantsSnapshot: Bool

    private let request: TailRequest
    private let endpoint: String
    private var failures = 0
    private var hasConnected = false
    private var hasNoted = false
    private var isShuttingDown = false

    package init(_ request: TailRequest, endpoint: String) {
        self.request = request
        self.endpoint = endpoint
        wantsSnapshot = request.snapshot && request.start == .live
        if case .after(let cursor) = request.start { self.cursor = cursor }
    }

    /// For the next connection: goes on after `cursor`.
    package var apiRequest: APIRequest { request.apiRequest(after: cursor, snapshot: wantsSnapshot) }

    /// The daemon has begun to answer; the note tells a person that the wait is over.
    package mutating func connected() -> String? {
        hasConnected = true
        isShuttingDown = false
        defer { hasNoted = false }
        return hasNoted ? "connected to \(endpoint) again" : nil
    }

    package mutating func lineReceived(_ line: EventEnvelope) -> LineAction {
        if let position = line.cursor {
            if let cursor, cursor.epoch == position.epoch, position.seq <= cursor.seq { return .drop }
            cursor = position
            failures = 0
            return .deliver
        }
        switch line.type {
        // Not `stream.hello`: its head can be ahead of what this connection has yet to bring.
        case "stream.live":
            wantsSnapshot = false
            adopt(line.cursor(named: "cursor"))
        case "stream.bookmark":
            failures = 0
            // Never in the midst of a snapshot; and at its end, where the reader does not follow, in place of
            // `stream.live`.
            wantsSnapshot = false
            adopt(line.cursor(named: "cursor"))
        case "stream.bye": isShuttingDown = line.streamData?["reason"]?.string == "shutdown"
        case "stream.gap": return .reconnect
        default: break
        }
        return .deliver
    }

    /// Failures in a row decide how long the wait is; a new line begins the count anew.
    package mutating func ended(_ end: ConnectionEnd) -> EndAction {
        switch end {
        case .complete where !request.follow: return .finish
        case .complete where isShuttingDown:
            return retry(noting: "the daemon is shutting down; waiting for it at \(endpoint)")
        case .complete:
            return retry(
                noting: failures == 0 ? nil : "the daemon ends the stream at once; trying again at \(endpoint)")
        case .abandoned: return retry(noting: nil)
        case .failed(let failure): return failed(failure)
        }
    }

    private mutating func failed(_ failure: ClientFailure) -> EndAction {
        switch failure {
        case .unreachable(_, let isTemporary):
            guard request.follow, isTemporary || hasConnected else { return .fail(failure) }
            if isShuttingDown { return retry(noting: "the daemon is shutting down; waiting for it at \(endpoint)") }
            return retry(noting: "\(failure); waiting for it")
        case .silent where !request.follow: return .fail(failure)
        case .interrupted, .silent:
            if isShuttingDown { return retry(noting: "the daemon is shutting down; waiting for it at \(endpoint)") }
            if !request.follow, failures + 1 >= Self.attemptsWithoutFollowing { return .fail(failure) }
            // A connection that can be made again at once is nothing a person needs to know of.
            return retry(noting: failures == 0 ? nil : "\(failure); waiting for it at \(endpoint)")
        case .busy: return request.follow ? retry(noting: "\(failure); waiting for it") : .fail(failure)
        case .refused, .usage, .protocolViolation, .otherProtocol, .file, .nothingFound: return .fail(failure)
        }
    }

    private mutating func retry(noting note: String?) -> EndAction {
        let doublings = min(failures, 10)
        failures += 1
        let wait = min(Span.milliseconds(Self.shortestWait.milliseconds << doublings), Self.longestWait)
        defer { hasNoted = hasNoted || note != nil }
        return .retry(after: wait, note: hasNoted ? nil : note)
    }

    /// Takes a position that is not behind the present one.
    private mutating func adopt(_ position: Cursor?) {
        guard let position else { return }
        if let cursor, cursor.epoch == position.epoch, position.seq < cursor.seq { return }
        cursor = position
    }
}
