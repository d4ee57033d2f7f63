import Foundation
import Synchronization

/// One of the real programs, started by a test and ended with it.
final class Program: Sendable {
    private struct State {
        var lines: [String] = []
        var partial: [UInt8] = []
        var errors: [UInt8] = []
    }

    /// Where the tests were built, the programs are.
    static let directory = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    static let checkout = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL

    private let process: Mutex<Process>
    private let state = Mutex(State())
    let id: Int32

    /// - Parameter readsOutput: false: standard output is a pipe that nobody reads.
    init(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], readsOutput: Bool = true
    ) throws {
        let process = Process()
        process.executableURL = name.hasPrefix("/") ? URL(filePath: name) : Self.directory.appending(path: name)
        process.arguments = arguments
        process.currentDirectoryURL = Self.checkout
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        id = process.processIdentifier
        self.process = Mutex(process)
        errors.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            self?.state.withLock { $0.errors += data }
        }
        if readsOutput {
            output.fileHandleForReading.readabilityHandler = { [weak self] handle in
                let data = handle.availableData
                if data.isEmpty { handle.readabilityHandler = nil }
                self?.take(data)
            }
        } else {
            unread.withLock { $0 = output }
        }
    }

    /// Kept open, so that the program sees a reader that does not read rather than none.
    private let unread = Mutex<Pipe?>(nil)

    deinit {
        let process = process.withLock { $0 }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private func take(_ data: Data) {
        state.withLock { state in
            state.partial += data
            while let end = state.partial.firstIndex(of: UInt8(ascii: "\n")) {
                state.lines.append(String(decoding: state.partial[..<end], as: UTF8.self))
                state.partial.removeFirst(end + 1)
            }
        }
    }

    /// Whole lines of standard output so far.
    var lines: [String] { state.withLock { $0.lines } }
    var errors: String { state.withLock { String(decoding: $0.errors, as: UTF8.self) } }
    var isRunning: Bool { process.withLock { $0.isRunning } }

    func signal(_ number: Int32) { kill(id, number) }

    /// The exit code; 128 + n where a signal ended it; nil where it did not end in time.
    func exitCode(within seconds: Double = 20) async -> Int32? {
        guard await eventually(within: seconds, { !self.isRunning }) else { return nil }
        return process.withLock { process in
            process.waitUntilExit()
            return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
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
