import BridgeClient
import Glibc
import ScratchDirectory
import Testing

/// A directory of a test's own, gone with it.
final class Scratch {
    private let directory: ScratchDirectory
    var path: String { directory.path }
    var socket: String { path + "/api.sock" }

    init() throws {
        directory = try ScratchDirectory()
    }

    var endpoint: Endpoint { get throws { try Endpoint(socketPath: socket) } }

    /// A file to write to in place of standard output.
    func output() throws -> OutputDescriptor {
        let file = open(path + "/output", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        try #require(file >= 0)
        return OutputDescriptor(descriptor: file)
    }

    func content(of name: String) throws -> [UInt8] {
        let file = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC)
        try #require(file >= 0)
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &piece, piece.count)
            guard count > 0 else { return bytes }
            bytes += piece[..<count]
        }
    }

    func write(_ text: String, to name: String) throws {
        let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        try #require(file >= 0)
        #expect(try OutputDescriptor(descriptor: file).write(text) == .all)
        close(file)
    }
}
