import Synchronization
package import SystemdSupport

/// What the service manager was told last of how the daemon is: the one way by which it is told.
///
/// One place for all who tell it, so that none takes for told what another has told something newer than.
package final class ToldStatus: Sendable {
    private enum State {
        case nothing
        case reloading
        case told(String)
    }

    private let notifier: ServiceNotifier
    private let state = Mutex(State.nothing)

    package init(_ notifier: ServiceNotifier) {
        self.notifier = notifier
    }

    /// The daemon is ready, or done with a reload.
    func ready(status: () -> String) {
        state.withLock { state in
            let status = status()
            state = notifier.ready(status: status) ? .told(status) : .nothing
        }
    }

    func reloading() {
        state.withLock { state in
            notifier.reloading()
            state = .reloading
        }
    }

    /// Tells how the daemon is where that is news; not in the middle of a reload, which has its own word.
    ///
    /// - Parameter status: asked for while nobody else tells anything, so that it is the newest.
    func tell(status: () -> String) {
        state.withLock { state in
            if case .reloading = state { return }
            let status = status()
            if case .told(status) = state { return }
            if notifier.status(status) { state = .told(status) }
        }
    }
}
