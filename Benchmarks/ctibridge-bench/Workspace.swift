internal import Foundation

/// A temporary directory, readable by nobody else, in which the programs run; removed with this object.
final class Workspace {
    static let hookSecret = "bench-hook-secret-0123456789"

    let directory: String
    let programs: String

    /// - Parameter programs: the directory of `ctibridged` and `ctibridge-sim`.
    init(programs: String) throws(BenchFailure) {
        let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(base)/ctibridge-bench.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw BenchFailure("cannot make a directory in \(base)", errno: errno) }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.programs = programs
        Children.use(directory: directory)
        for name in ["run", "state", "credentials"] {
            guard mkdir("\(directory)/\(name)", 0o700) == 0 else {
                throw BenchFailure("cannot make \(directory)/\(name)", errno: errno)
            }
        }
        for name in ["ovh", "voipgrid"] { try write("credentials/\(name)", "bench-credential-\(name)") }
        try write("credentials/hook", Self.hookSecret)
    }

    deinit {
        Self.remove(directory)
        Children.use(directory: nil)
    }

    static func remove(_ directory: String) {
        try? FileManager.default.removeItem(atPath: directory)
    }

    var eventsSocket: Place { .socket("\(directory)/run/events.sock") }

    private func write(_ name: String, _ text: String) throws(BenchFailure) {
        do {
            // With the process's umask of 077 the file is nobody else's from its first moment on.
            try text.write(toFile: "\(directory)/\(name)", atomically: false, encoding: .utf8)
        } catch {
            throw BenchFailure("cannot write \(directory)/\(name): \(error)")
        }
    }

    /// The simulator on a free port, silent.
    /// - Parameter holdSeconds: how long it holds an OVH poll that has nothing to report.
    func startSimulator(holdSeconds: Int = 60) throws(BenchFailure) -> (process: ChildProcess, port: Int) {
        let simulator = try ChildProcess(
            "\(programs)/ctibridge-sim", ["--listen", "127.0.0.1:0", "--quiet", "--hold", "\(holdSeconds)"], in: self)
        var port: Int?
        try simulator.waitUntilReady {
            // Only a whole line: one without its line break may lack a digit.
            guard let said = try? contents(of: simulator.outputPath), let end = said.firstIndex(of: "\n") else {
                return false
            }
            port = said[..<end].split(separator: ":").last.flatMap { Int($0) }
            return port != nil
        }
        guard let port else { throw BenchFailure("ctibridge-sim did not say where it listens") }
        return (simulator, port)
    }

    /// The daemon with this configuration, answering on its API; a journal of its own.
    func startDaemon(configuration: String) throws(BenchFailure) -> ChildProcess {
        try write("ctibridge.yaml", configuration)
        let daemon = try ChildProcess(
            "\(programs)/ctibridged",
            [
                "--config", "\(directory)/ctibridge.yaml", "--state-dir", "\(directory)/state",
                "--runtime-dir", "\(directory)/run", "--no-stdout", "--log-level", "warning",
            ], environment: ["CREDENTIALS_DIRECTORY=\(directory)/credentials"], in: self)
        let api = Place.socket("\(directory)/run/api.sock")
        try daemon.waitUntilReady { (try? HTTPConnection(api).get("/readyz").status) == 200 }
        return daemon
    }

    static func freePort() throws(BenchFailure) -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw BenchFailure("cannot make a socket", errno: errno) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &size) : -1
            }
        }
        guard code == 0 else { throw BenchFailure("cannot find a free port", errno: errno) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
