import Glibc
import HostSupport
import Synchronization

@testable import Fanout

/// The other end of a socket or pipe. Reads on a thread of its own, and only when told to, so that a reader which does
/// not read can be played too.
final class TestReader: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isAtEnd = false
        var isClosed = false
        /// The lines in `bytes` up to `parsed`: a test looks often, and parsing everything anew would slow all others.
        var lines: [ReadLine] = []
        var parsed = 0
    }

    let descriptor: Int32
    private let state = Mutex(State())

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Connects to a Unix socket and does not read yet.
    static func connect(_ path: String) throws -> TestReader {
        let address = try UnixSocketAddress(path: path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard address.withPointer({ Glibc.connect(descriptor, $0, $1) }) == 0 else { throw TestFailure(code: errno) }
        return TestReader(descriptor: descriptor)
    }

    struct TestFailure: Error {
        let code: Int32
    }

    func start() -> TestReader {
        _ = DetachedThread.start(name: "test reader") { [self] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                state.withLock { state in
                    if count > 0 { state.bytes += buffer[..<count] } else { state.isAtEnd = true }
                }
                if count <= 0 { return }
            }
        }
        return self
    }

    /// Not to be called while it reads.
    func disconnect() {
        let closes = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        if closes { close(descriptor) }
    }

    var isAtEnd: Bool { state.withLock { $0.isAtEnd } }
    var bytes: [UInt8] { state.withLock { $0.bytes } }

    /// Every whole line so far.
    func lines() throws -> [ReadLine] {
        try state.withLock { state in
            while let end = state.bytes[state.parsed...].firstIndex(of: UInt8(ascii: "\n")) {
                state.lines.append(try ReadLine(state.bytes[state.parsed..<end]))
                state.parsed = end + 1
            }
            return state.lines
        }
    }
}

/// Waits for something another thread brings about. False after half a minute.
func eventually(_ condition: () throws -> Bool) async rethrows -> Bool {
    for _ in 0..<6_000 {
        if try condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return false
}
