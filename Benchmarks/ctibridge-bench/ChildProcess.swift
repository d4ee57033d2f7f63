internal import Foundation

/// One of the real programs, with its output in files of the workspace; ended with this object at the latest.
final class ChildProcess {
    let id: pid_t
    let name: String
    let outputPath: String
    let errorsPath: String
    private var hasEnded = false
    /// Kept, so that its directory is there for as long as the program.
    private let workspace: Workspace

    /// - Parameter environment: `NAME=value`, in addition to what is inherited.
    init(
        _ path: String, _ arguments: [String], environment: [String] = [], in workspace: Workspace
    ) throws(BenchFailure) {
        self.workspace = workspace
        name = path.split(separator: "/").last.map(String.init) ?? path
        outputPath = "\(workspace.directory)/\(name).out"
        errorsPath = "\(workspace.directory)/\(name).err"
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errorsPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // The signals that end this program are blocked here; the mask would be inherited, and SIGTERM go unheard.
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        let inherited = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        var envp: [UnsafeMutablePointer<CChar>?] = (inherited + environment).map { strdup($0) } + [nil]
        defer {
            for pointer in argv + envp { free(pointer) }
        }
        var started: pid_t = 0
        try Children.start { () throws(BenchFailure) in
            let code = posix_spawn(&started, path, &actions, &attributes, &argv, &envp)
            guard code == 0 else { throw BenchFailure("cannot start \(path)", errno: code) }
            return started
        }
        id = started
    }

    deinit {
        end()
    }

    func end() {
        guard !hasEnded else { return }
        hasEnded = true
        Children.end(id)
    }

    /// Waits for `condition`, and not for a program that has ended.
    func waitUntilReady(seconds: Double = 30, _ condition: () -> Bool) throws(BenchFailure) {
        let isReady = wait(seconds: seconds) { condition() || !isRunning() }
        guard isReady, isRunning() else {
            let said = (try? contents(of: errorsPath))?.suffix(1_000) ?? ""
            throw BenchFailure("\(name) did not become ready within \(Int(seconds)) s. It said: \(said)")
        }
    }

    func isRunning() -> Bool {
        guard !hasEnded else { return false }
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG) != 0 else { return true }
        hasEnded = true
        Children.forget(id)
        return false
    }
}
