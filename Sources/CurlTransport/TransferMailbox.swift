import CShims
import CallModel
import Glibc
import Synchronization

/// One request on its way to the driver thread.
struct Submission: Sendable {
    let request: HTTPRequest
    let target: RequestTarget
    let promise = TransferPromise()
}

/// What callers leave for the driver thread, and the eventfd that wakes it.
///
/// An eventfd of our own and not `curl_multi_wakeup`: that one loses wake-ups in curl 8.21 (curl issue 22272), and an
/// eventfd keeps its count until it is read.
final class TransferMailbox: Sendable {
    /// What to do next, taken in one go so that a cancellation is never looked at before the request it is about.
    struct Mail {
        var submitted: [Submission]
        var hasCancellations: Bool
        var isStopping: Bool
    }

    private struct State {
        var submitted: [Submission] = []
        var hasCancellations = false
        var isStopping = false
    }

    private let state = Mutex(State())
    private let beats = Atomic<UInt64>(0)
    /// Negative where the system had none to give: then the driver refuses to start.
    let wakeUpDescriptor = cti_eventfd()

    deinit {
        if wakeUpDescriptor >= 0 { close(wakeUpDescriptor) }
    }

    func submit(_ submission: Submission) {
        let isAccepted = state.withLock { state in
            guard !state.isStopping else { return false }
            state.submitted.append(submission)
            return true
        }
        if isAccepted {
            wakeUp()
        } else {
            submission.promise.tell(.failure(.stopped))
        }
    }

    func cancel(_ submission: Submission) {
        submission.promise.cancel()
        state.withLock { $0.hasCancellations = true }
        wakeUp()
    }

    func stop() {
        state.withLock { $0.isStopping = true }
        wakeUp()
    }

    /// For a driver that could not start: what waits, and whatever comes, is told so.
    func fail() {
        let mail = state.withLock { state in
            state.isStopping = true
            return exchange(&state.submitted, with: [])
        }
        for submission in mail { submission.promise.tell(.failure(.stopped)) }
    }

    func collect() -> Mail {
        state.withLock { state in
            Mail(
                submitted: exchange(&state.submitted, with: []),
                hasCancellations: exchange(&state.hasCancellations, with: false),
                isStopping: state.isStopping
            )
        }
    }

    /// How often the driver has looked for mail.
    var heartbeats: UInt64 { beats.load(ordering: .relaxed) }

    /// Resets the eventfd. Before `collect()`: a wake-up in between then costs one empty turn and is not lost.
    func acknowledgeWakeUp() {
        beats.add(1, ordering: .relaxed)
        var count: UInt64 = 0
        _ = read(wakeUpDescriptor, &count, MemoryLayout<UInt64>.size)
    }

    func wakeUp() {
        var one: UInt64 = 1
        // Can only fail when the counter is full, and then the thread is woken anyway.
        _ = write(wakeUpDescriptor, &one, MemoryLayout<UInt64>.size)
    }
}

extension HTTPFailure {
    static let stopped = HTTPFailure(
        kind: .cancelled, detail: "the HTTP client has been shut down", mayHaveBeenSent: false)
}

private func exchange<Value>(_ value: inout Value, with next: Value) -> Value {
    let previous = value
    value = next
    return previous
}
