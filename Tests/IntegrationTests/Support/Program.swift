import Foundation
import Synchronization

/// One of the real programs, started by a test and ended with it.
///
/// Started by `posix_spawn` with nothing inherited but its three descriptors: what one test's program keeps open must
/// not decide when another test's program is seen to end.
final class Program: Sendable {
    private struct State {
        var lines: [String] = []
        var partial: [UInt8] = []
        var errors: [UInt8] = []
        var exitCode: Int32?
    }

    struct CannotStart: Error {
        let name: String
        let code: Int32
    }

    /// Where the tests were built, the programs are.
    static let directory = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    static let checkout = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        .standardizedFileURL
    /// Between the making of a pipe and its mark not to be inherited, nobody else may spawn.
    private static let spawning = Mutex(())

    let id: Int32
    private let state: SharedState
    /// Kept open where nobody reads, so that the program sees a reader that does not read rather than none.
    private let unread: Int32?

    /// The part that outlives the object on the reading threads.
    private final class SharedState: Sendable {
        let value = Mutex(State())
    }

    /// - Parameter readsOutput: false: standard output is a pipe that nobody reads.
    init(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], readsOutput: Bool = true
    ) throws {
        let path = name.hasPrefix("/") ? name : Self.directory.appending(path: name).path()
        // What the runner of the tests may have set for itself is no wish of the program's user.
        let inherited = ProcessInfo.processInfo.environment.filter { $0.key != "SWIFT_BACKTRACE" }
        let variables = inherited.merging(environment) { _, new in new }
        let started = try Self.spawning.withLock { _ in
            try Self.spawn(path, arguments, variables.map { "\($0.key)=\($0.value)" })
        }
        id = started.id
        let state = SharedState()
        self.state = state
        unread = readsOutput ? nil : started.output
        if readsOutput {
            Self.read(started.output) { bytes in state.value.withLock { Self.take(bytes, into: &$0) } }
        }
        Self.read(started.errors) { bytes in state.value.withLock { $0.errors += bytes } }
        let id = started.id
        Thread.detachNewThread {
            var status: Int32 = 0
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7F
            state.value.withLock { $0.exitCode = signal == 0 ? (status >> 8) & 0xFF : 128 + signal }
        }
    }

    deinit {
        if isRunning { kill(id, SIGKILL) }
        if let unread { close(unread) }
    }

    /// Whole lines of standard output so far.
    var lines: [String] { state.value.withLock { $0.lines } }
    var errors: String { state.value.withLock { String(decoding: $0.errors, as: UTF8.self) } }
    var isRunning: Bool { state.value.withLock { $0.exitCode == nil } }

    func signal(_ number: Int32) {
        if isRunning { kill(id, number) }
    }

    /// The exit code; 128 + n where a signal ended it; nil where it did not end in time.
    func exitCode(within seconds: Double = 20) async -> Int32? {
        _ = await eventually(within: seconds) { !self.isRunning }
        return state.value.withLock { $0.exitCode }
    }

    // MARK: - Starting and reading

    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String]
    ) throws -> (id: Int32, output: Int32, errors: Int32) {
        var output: [Int32] = [0, 0]
        var errors: [Int32] = [0, 0]
        guard pipe(&output) == 0, pipe(&errors) == 0 else { throw CannotStart(name: path, code: errno) }
        for descriptor in output + errors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        posix_spawn_file_actions_adddup2(&actions, errors[1], 2)
        // The threads of a test block signals; a program, and the shells among them, must not inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer {
            for pointer in argv + envp { free(pointer) }
        }
        var id: pid_t = 0
        let code = posix_spawn(&id, path, &actions, &attributes, &argv, &envp)
        close(output[1])
        close(errors[1])
        guard code == 0 else {
            close(output[0])
            close(errors[0])
            throw CannotStart(name: path, code: code)
        }
        return (id, output[0], errors[0])
    }

    private static func read(_ descriptor: Int32, _ take: @escaping @Sendable (ArraySlice<UInt8>) -> Void) {
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = Glibc.read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                take(buffer[..<count])
            }
            close(descriptor)
        }
    }

    private static func take(_ bytes: ArraySlice<UInt8>, into state: inout State) {
        state.partial += bytes
        while let end = state.partial.firstIndex(of: UInt8(ascii: "\n")) {
            state.lines.append(String(decoding: state.partial[..<end], as: UTF8.self))
            state.partial.removeFirst(end + 1)
        }
    }
}

/// Looks again and again until something holds. The bound is for a broken build: what is waited for takes milliseconds.
func eventually(within seconds: Double = 20, _ condition: @Sendable () async throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now + .milliseconds(Int(seconds * 1_000))
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(20))
    }
    return try await condition()
}
