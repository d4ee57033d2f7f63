internal import Glibc
internal import Synchronization

/// The ids of what was started here and has not been seen to end, and the directory it all happens in.
///
/// Apart from the objects that own them, because Ctrl-C ends the process without asking those.
enum Children {
    private struct State {
        var ids: [pid_t] = []
        var directory: String?
        /// After Ctrl-C nothing is started any more.
        var isEnding = false
    }

    private static let state = Mutex(State())
    /// How long a program may take to stop, before it is killed.
    private static let patienceSeconds = 10.0

    /// Under the lock, so that Ctrl-C finds every id or comes before the start.
    static func start(_ spawn: () throws(BenchFailure) -> pid_t) throws(BenchFailure) {
        try state.withLock { state throws(BenchFailure) in
            guard !state.isEnding else { throw BenchFailure("ended by a signal") }
            state.ids.append(try spawn())
        }
    }

    static func use(directory: String?) {
        state.withLock { $0.directory = directory }
    }

    static func forget(_ id: pid_t) {
        state.withLock { $0.ids.removeAll { $0 == id } }
    }

    /// SIGTERM, and SIGKILL where that does not help in time.
    static func end(_ id: pid_t) {
        kill(id, SIGTERM)
        var status: Int32 = 0
        let hasEnded = wait(seconds: patienceSeconds) { waitpid(id, &status, WNOHANG) != 0 }
        if !hasEnded {
            kill(id, SIGKILL)
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
        }
        forget(id)
    }

    /// Ends everything on Ctrl-C, SIGTERM and SIGHUP; call it before any thread is started, as threads inherit the
    /// mask.
    static func endOnSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)
        Worker.start {
            var signals = sigset_t()
            sigemptyset(&signals)
            for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
            var number: Int32 = 0
            while sigwait(&signals, &number) != 0 {}
            endAll()
            _exit(128 + number)
        }
    }

    private static func endAll() {
        let (ids, directory) = state.withLock { state in
            state.isEnding = true
            return (state.ids, state.directory)
        }
        for id in ids.reversed() { end(id) }
        if let directory { Workspace.remove(directory) }
    }
}
