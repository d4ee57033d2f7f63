import CallModel
import Intake
import Synchronization

/// Counts the deliveries of webhooks for the source's monitor on their way to the pipeline.
final class MeteredSink: DeliverySink {
    private let pipeline: Pipeline
    private let supervisor = Mutex<SourceSupervisor?>(nil)

    init(_ pipeline: Pipeline) {
        self.pipeline = pipeline
    }

    func count(for supervisor: SourceSupervisor) {
        self.supervisor.withLock { $0 = supervisor }
    }

    func submit(_ delivery: Delivery, cursor: PollCursor?) async throws(IntakeRejection) -> DeliveryReceipt {
        let receipt = try await pipeline.submit(delivery, cursor: cursor)
        let monitor = supervisor.withLock { $0 }?.source(delivery.source)?.monitor
        monitor?.delivered(at: delivery.observed)
        return receipt
    }
}
