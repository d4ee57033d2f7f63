package import CallModel

/// Where deliveries go to become durable. Implemented by the pipeline.
package protocol DeliverySink: Sendable {
    /// Keeps the delivery, works out what it means and returns after the commit.
    ///
    /// `cursor` is stored in the same transaction. Throws where the delivery could not be made durable: then nothing
    /// of it is kept, and the caller must not acknowledge it.
    func submit(_ delivery: Delivery, cursor: PollCursor?) async throws(IntakeRejection) -> DeliveryReceipt
}

/// What became of a durable delivery.
package struct DeliveryReceipt: Sendable, Equatable {
    /// Why the sender should be told that its input was no good, although it was kept raw.
    package var refusal: String?
    /// The call the delivery is about, where it is about one.
    package var call: CallID?
    /// The state of that call now.
    package var callState: CallState?
    /// Whether something in the delivery was not understood.
    package var isUnparsed: Bool

    package init(
        refusal: String? = nil, call: CallID? = nil, callState: CallState? = nil, isUnparsed: Bool = false
    ) {
        self.refusal = refusal
        self.call = call
        self.callState = callState
        self.isUnparsed = isUnparsed
    }
}

/// Why a delivery is not durable. Each is answered `503`: the sender may come again.
package enum IntakeRejection: Error, Sendable, Equatable, CustomStringConvertible {
    /// More is waiting than the bound allows.
    case overloaded
    /// The journal cannot be written.
    case journalUnavailable(String)
    /// The daemon is stopping.
    case stopping

    package var description: String {
        switch self {
        case .overloaded: "too many deliveries are waiting for the journal"
        case .journalUnavailable(let reason): "the journal cannot be written: \(reason)"
        case .stopping: "the daemon is stopping"
        }
    }
}
