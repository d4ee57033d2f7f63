package import CallModel
import HostSupport
package import Logging
import ServiceLifecycle
import Synchronization

/// The stream on standard output: one plain reader, on a thread of its own.
///
/// A closed or blocked stdout never stops or slows the daemon: `ctibridged | head -1` and a stopped pager are both
/// fine. When nobody reads any more it is given up for good. A reader that lags so far that its next event is no longer
/// in memory is told so by `stream.gap` when it reads again, and goes on with the oldest event that is: unlike a reader
/// of a socket it has no way to come back. Expects SIGPIPE to be ignored.
package final class StdoutService: Service, Sendable {
    private let hub: StreamHub
    private let descriptor: Int32
    private let version: String
    private let numbers: EventEncoder.Numbers
    private let policy: SubscriberStateMachine.Policy
    private let stopGrace: Span
    private let patience: Span
    private let logger: Logger
    private let hasStarted = Atomic(false)
    private let running = Mutex<(stop: WakeDescriptor, observation: Int)?>(nil)
    private let begun = OneShot()
    private let ended = OneShot()

    /// - Parameters:
    ///   - version: of the program, for `stream.hello`.
    ///   - stopGrace: how long the farewell may take at shutdown.
    ///   - patience: how long nothing may be taken before the log says so.
    package init(
        hub: StreamHub, version: String, descriptor: Int32 = 1, numbers: EventEncoder.Numbers = .clear,
        bookmarkEvery: Span = .seconds(15), stopGrace: Span = .milliseconds(500),
        patience: Span = .seconds(5), logger: Logger
    ) {
        self.hub = hub
        self.descriptor = descriptor
        self.version = version
        self.numbers = numbers
        policy = SubscriberStateMachine.Policy(slowness: .skip, bookmarkEvery: bookmarkEvery, grace: stopGrace)
        self.stopGrace = stopGrace
        self.patience = patience
        self.logger = logger
    }

    /// Reads the stream from now on. Apart from `run` so that what happens once the daemon says that it is ready is
    /// written. Does nothing the second time.
    package func start() async {
        guard !hasStarted.exchange(true, ordering: .acquiringAndReleasing) else { return }
        guard let news = WakeDescriptor(), let stop = WakeDescriptor() else { return doWithout("no descriptor") }
        hub.require(numbers)
        let observation = hub.observe { news.signal() }
        let hasThread = DetachedThread.start(name: "stdout") { [self] in
            var writer = StdoutWriter(
                descriptor: descriptor, hub: hub, version: version, numbers: numbers, policy: policy,
                stopGrace: stopGrace, patience: patience, news: news, stop: stop, tell: { self.report($0) }
            )
            begun.fire()
            report(writer.run())
            ended.fire()
        }
        guard hasThread else {
            hub.stopObserving(observation)
            return doWithout("no thread")
        }
        running.withLock { $0 = (stop, observation) }
        await begun.wait(atMost: .seconds(1))
    }

    /// Writes until the graceful shutdown; returns only then, also where nobody reads any more. Starts first, unless
    /// `start` was called.
    package func run() async throws {
        await start()
        try? await gracefulShutdown()
        guard let (stop, observation) = running.withLock({ $0.take() }) else { return }
        stop.signal()
        // One that hangs in a system call is left behind: the end of the process takes care of it.
        await ended.wait(atMost: .milliseconds(stopGrace.milliseconds + 100))
        hub.stopObserving(observation)
    }

    private func doWithout(_ lack: String) {
        logger.error("no event stream on stdout", metadata: ["reason": "\(lack)"])
    }

    private func report(_ action: StdoutTrouble.Action) {
        switch action {
        case .none: break
        case .tell(let kind, let after):
            logger.warning(
                "stdout does not take the stream; nothing else is held up",
                metadata: ["reason": "\(kind.rawValue)", "written_up_to": "\(after)"])
        case .tellEnd(let after, let leftOut):
            logger.notice(
                "stdout takes the stream again", metadata: ["since": "\(after)", "left_out": "\(leftOut)"])
        }
    }

    private func report(_ end: StdoutWriter.End) {
        switch end {
        case .farewellWritten: logger.debug("stdout closed after the farewell")
        case .farewellLost: logger.info("stdout did not take the farewell in time")
        case .closed(let code):
            logger.notice("nobody reads stdout any more, going on without it", metadata: ["errno": "\(code)"])
        }
    }
}
