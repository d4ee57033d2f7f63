internal import Glibc
internal import Synchronization

/// A reader of `events.sock` that notes when it had read the event of each notification.
///
/// Lines are looked at, not parsed: whoever measures must not be what is slow.
final class EventReader: Sendable {
    private struct State {
        /// By the number of the notification; 0: not read.
        var times: [Int64]
        var isLive = false
        var read = 0
        var repeated = 0
        /// Why reading ended early.
        var farewell: String?
    }

    private let state: Mutex<State>
    private let descriptor: Int32

    /// - Parameter capacity: notifications with a number below this are noted.
    init(_ place: Place, capacity: Int) throws(BenchFailure) {
        state = Mutex(State(times: [Int64](repeating: 0, count: capacity)))
        descriptor = try place.connect()
        let descriptor = descriptor
        // The thread keeps the object until the connection is shut down.
        Worker.start { self.run(descriptor) }
        guard wait(seconds: 10, until: { state.withLock { $0.isLive } }) else {
            throw BenchFailure("events.sock did not greet its reader")
        }
    }

    /// How many of the notifications have been read.
    var count: Int { state.withLock { $0.read } }
    var repeated: Int { state.withLock { $0.repeated } }
    var farewell: String? { state.withLock { $0.farewell } }
    var times: [Int64] { state.withLock { $0.times } }

    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private func run(_ descriptor: Int32) {
        var partial: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            let now = monotonicNanoseconds()
            partial += buffer[..<count]
            var start = 0
            state.withLock { state in
                partial.withUnsafeBytes { bytes in
                    while let end = Self.find("\n", in: bytes, from: start) {
                        Self.take(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), at: now, into: &state)
                        start = end + 1
                    }
                }
            }
            partial.removeFirst(start)
        }
        close(descriptor)
    }

    private static func take(_ line: UnsafeRawBufferPointer, at now: Int64, into state: inout State) {
        guard let type = value(of: "\"type\":\"", in: line, from: 0) else { return }
        let kind: Int
        switch line[type.start] {
        case UInt8(ascii: "s"):
            let name = String(decoding: line[type.start..<type.end], as: UTF8.self)
            if name == "stream.live" { state.isLive = true }
            if name == "stream.gap" || name == "stream.bye" { state.farewell = String(decoding: line, as: UTF8.self) }
            return
        default:
            switch String(decoding: line[type.start..<type.end], as: UTF8.self) {
            case "call.ringing": kind = 0
            case "call.connected": kind = 1
            case "call.ended": kind = 2
            default: return
            }
        }
        guard let call = value(of: "\"call\":\"b", in: line, from: type.end),
            let number = Int(String(decoding: line[call.start..<call.end], as: UTF8.self))
        else { return }
        let index = number * 3 + kind
        guard state.times.indices.contains(index) else { return }
        if state.times[index] == 0 {
            state.times[index] = now
            state.read += 1
        } else {
            state.repeated += 1
        }
    }

    private static func value(
        of key: StaticString, in line: UnsafeRawBufferPointer, from start: Int
    ) -> (start: Int, end: Int)? {
        guard let place = find(key, in: line, from: start) else { return nil }
        let first = place + key.utf8CodeUnitCount
        guard let end = find("\"", in: line, from: first), end > first else { return nil }
        return (first, end)
    }

    private static func find(_ text: StaticString, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count else { return nil }
        let length = text.utf8CodeUnitCount
        var from = start
        while from + length <= bytes.count {
            let last = bytes.count - length
            guard let found = memchr(base + from, Int32(text.utf8Start.pointee), last - from + 1) else { return nil }
            let place = UnsafeRawPointer(found) - base
            if memcmp(base + place, text.utf8Start, length) == 0 { return place }
            from = place + 1
        }
        return nil
    }
}
