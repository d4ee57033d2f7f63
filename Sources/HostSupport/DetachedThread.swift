import CShims
import Glibc

/// A thread that nobody joins: it may be stuck in a system call when the process ends.
package enum DetachedThread {
    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Runs `body` on a new thread, on which no signal is delivered: signals belong to the main thread, and a write to
    /// a closed connection must not end the process by SIGPIPE.
    /// - Parameter name: as shown by `ps -L`, at most 15 bytes.
    /// - Returns: false where the system has no thread to give.
    package static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        // Retained for the thread, which takes it over as its first act; taken back here where there is no thread.
        // Nobody else ever sees the pointer, so ownership passes exactly once.
        let handedOver = Unmanaged.passRetained(Body(name: name, run: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                cti_block_signals_in_this_thread()
                cti_name_this_thread(body.name)
                body.run()
                return nil
            }, handedOver.toOpaque())
        guard code == 0 else {
            handedOver.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
