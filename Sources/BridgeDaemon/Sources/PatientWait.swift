import CallModel
import HostSupport

/// Waits for work that goes on whatever becomes of whoever waits for it.
///
/// Nil where `isTooLong` said so, which is asked four times a second, and where whoever waits was cancelled.
func patiently<Value: Sendable>(
    _ work: Task<Value, Never>, unless isTooLong: @escaping @Sendable () -> Bool
) async -> Value? {
    let (answers, answer) = AsyncStream<Value?>.makeStream()
    Task { answer.yield(await work.value) }
    let watch = Task {
        while (try? await Task.sleep(for: .milliseconds(250))) != nil {
            guard isTooLong() else { continue }
            answer.yield(nil)
            return
        }
    }
    defer { watch.cancel() }
    for await first in answers { return first }
    return nil
}

/// The same for so long at most.
func patiently<Value: Sendable>(_ work: Task<Value, Never>, for span: Span) async -> Value? {
    let began = MonotonicClock.now()
    return await patiently(work) { MonotonicClock.now().since(began) >= span }
}
