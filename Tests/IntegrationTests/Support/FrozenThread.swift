import Foundation
import Synchronization

/// One thread of a program, stopped as if it hung, while all others go on (ptrace(2)).
final class FrozenThread: Sendable {
    struct NotPossible: Error {
        let step: String
    }

    private typealias Trace = @convention(c) (CInt, pid_t, UInt, UInt) -> CLong
    private static let seize: CInt = 0x4206
    private static let interrupt: CInt = 0x4207
    private static let detach: CInt = 17
    /// `__WALL`: also threads that are no process of their own.
    private static let anyThread: Int32 = 0x4000_0000

    /// Not in every container.
    static let isPermitted: Bool = {
        guard let program = try? Program("/bin/sleep", ["60"]), let symbol = dlsym(nil, "ptrace") else { return false }
        // Only asked, never stopped: the news that a main thread has stopped would go to whoever awaits its end.
        return unsafeBitCast(symbol, to: Trace.self)(seize, program.id, 0, 0) == 0
    }()

    private let release = DispatchSemaphore(value: 0)
    private let released = DispatchSemaphore(value: 0)

    /// - Parameter name: how the thread's name begins, as in `ps -L`.
    init(of program: Program, named name: String) throws {
        guard let thread = Self.thread(of: program.id, named: name) else {
            throw NotPossible(step: "no thread \(name)")
        }
        // Declared with variable arguments, which Swift cannot call; called like any function of four integers.
        guard let symbol = dlsym(nil, "ptrace") else { throw NotPossible(step: "dlsym") }
        let trace = unsafeBitCast(symbol, to: Trace.self)
        let done = DispatchSemaphore(value: 0)
        let (release, released) = (release, released)
        let outcome = Outcome()
        // A tracer is a thread: all requests must come from the same one.
        Thread.detachNewThread {
            var status: Int32 = 0
            let isStopped =
                trace(Self.seize, thread, 0, 0) == 0 && trace(Self.interrupt, thread, 0, 0) == 0
                && waitpid(thread, &status, Self.anyThread) == thread
            outcome.isFrozen.withLock { $0 = isStopped }
            done.signal()
            guard isStopped else { return }
            release.wait()
            _ = trace(Self.detach, thread, 0, 0)
            released.signal()
        }
        done.wait()
        guard outcome.isFrozen.withLock({ $0 }) else { throw NotPossible(step: "ptrace") }
    }

    /// Lets it go on.
    func thaw() {
        release.signal()
        released.wait()
        released.signal()
    }

    deinit {
        release.signal()
    }

    private final class Outcome: Sendable {
        let isFrozen = Mutex(false)
    }

    private static func thread(of process: Int32, named name: String) -> pid_t? {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return tasks.first { task in
            let comm = try? String(contentsOfFile: "/proc/\(process)/task/\(task)/comm", encoding: .utf8)
            return comm?.hasPrefix(name) ?? false
        }.flatMap { pid_t($0) }
    }
}
