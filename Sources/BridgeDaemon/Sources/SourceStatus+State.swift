import CallModel
import ControlAPI

extension SourceStatus.State {
    /// The word for what is known of a source.
    ///
    /// That a pushed source is listened to says nothing of its provider: it is `passive` until something that was
    /// asked of the provider has been answered.
    ///
    /// - Parameters:
    ///   - change: what was last told of its health.
    ///   - isPolled: whether it is asked all the time.
    ///   - isPushed: whether the provider reports to it.
    ///   - polls: how often it has been asked.
    init(_ change: SourceReport.Change?, isPolled: Bool, isPushed: Bool, polls: Int64) {
        switch change {
        case .up, .gap: self = isPushed && polls == 0 ? .passive : .up
        case .down: self = .down
        case .degraded: self = .degraded
        case nil: self = isPolled ? .starting : .passive
        }
    }
}
