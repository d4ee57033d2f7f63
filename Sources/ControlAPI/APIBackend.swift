package import CallModel
package import EventJournal
package import Fanout
import HostSupport
package import Replay

/// What the API shows and does.
package struct APIBackend: Sendable {
    /// The answer of `/readyz`.
    package enum Readiness: Sendable, Hashable {
        case ready
        /// For a person: what is missing.
        case notReady(String)
    }

    package let journal: EventJournal
    package let hub: StreamHub
    package let calls: any CallControl
    /// Nil: there is nobody to order anything else from.
    package let orders: (any OrderControl)?
    package let sources: any SourceDirectory
    package let metrics: Metrics
    /// Of the program, for `stream.hello`.
    package let version: String
    /// Must be quick. Not ready: starting, stopping, or the journal cannot be written.
    package let readiness: @Sendable () -> Readiness
    /// By which a national number in a question is understood: those of the configured sources.
    package let numberPlans: @Sendable () -> [NumberPlan]
    /// The time of day.
    package let now: @Sendable () -> Timestamp
    /// How raw deliveries are read now, and what must not be shown of them.
    package let recording: @Sendable () -> RecordingContext

    package init(
        journal: EventJournal, hub: StreamHub, calls: any CallControl, orders: (any OrderControl)? = nil,
        sources: any SourceDirectory, metrics: Metrics, version: String, readiness: @escaping @Sendable () -> Readiness,
        numberPlans: @escaping @Sendable () -> [NumberPlan] = { [] },
        now: @escaping @Sendable () -> Timestamp = { WallClock.now() },
        recording: @escaping @Sendable () -> RecordingContext = { RecordingContext() }
    ) {
        self.journal = journal
        self.hub = hub
        self.calls = calls
        self.orders = orders
        self.sources = sources
        self.metrics = metrics
        self.version = version
        self.readiness = readiness
        self.numberPlans = numberPlans
        self.now = now
        self.recording = recording
    }
}
