import CallModel
package import Intake
package import Providers

/// One source at work: what reads it, what can be asked of it, and what runs for it.
///
/// Where it is pushed to is not said here: the listener opens the hooks of its settings, which are those that are
/// printed for the administrator.
package struct RunningSource: Sendable {
    let monitor: SourceMonitor
    let decoder: any RecordableDecoder
    let isPolled: Bool
    let placer: (any CallPlacer)?
    let callControl: (any CallController)?
    let run: @Sendable () async -> Void

    /// - Parameters:
    ///   - isPolled: whether the provider is asked all the time, so that no answer yet means that the source is
    ///     starting. False where it is asked only now and then, or never.
    ///   - placer: nil where calls cannot be placed.
    ///   - callControl: nil where calls can neither be followed nor hung up.
    ///   - run: works until cancelled, and may return earlier.
    package init(
        monitor: SourceMonitor, decoder: any RecordableDecoder, isPolled: Bool = false,
        placer: (any CallPlacer)? = nil, callControl: (any CallController)? = nil,
        run: @escaping @Sendable () async -> Void
    ) {
        self.monitor = monitor
        self.decoder = decoder
        self.isPolled = isPolled
        self.placer = placer
        self.callControl = callControl
        self.run = run
    }

    var name: SourceName { monitor.source }
}
