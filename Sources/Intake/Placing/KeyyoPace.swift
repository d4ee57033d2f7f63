import CallModel
import Providers
import Synchronization

/// When the next call of one Keyyo account may be asked for. It belongs to the account: a source that is changed, or
/// another one of the same account, takes its place in it.
package final class KeyyoPace: Sendable {
    private let pacer = Mutex(RequestPacer(interval: KeyyoMakecall.interval))

    package init() {}

    func reserve(now: Timestamp) -> Span { pacer.withLock { $0.reserve(now: now) } }
}
