import CallModel
import Intake
import Synchronization

/// Takes deliveries and answers as a test wants.
final class ScriptedSink: DeliverySink {
    typealias Answer = @Sendable (Delivery) async -> Result<DeliveryReceipt, IntakeRejection>

    private let kept = Mutex<[(delivery: Delivery, cursor: PollCursor?)]>([])
    private let answer: Answer

    init(_ answer: @escaping Answer = { _ in .success(DeliveryReceipt()) }) {
        self.answer = answer
    }

    /// What is no mere carrier of a cursor.
    var deliveries: [Delivery] { kept.withLock { $0.map(\.delivery).filter { !$0.isCarrier } } }

    var cursors: [PollCursor] { kept.withLock { $0.compactMap(\.cursor) } }

    func submit(_ delivery: Delivery, cursor: PollCursor?) async throws(IntakeRejection) -> DeliveryReceipt {
        kept.withLock { $0.append((delivery, cursor)) }
        return try await answer(delivery).get()
    }
}

/// Opens once, for all who wait and all who come later.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}
