internal import Glibc

/// Nanoseconds on the monotonic clock, which all threads share.
func monotonicNanoseconds() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}

/// Returns at once where the time has passed.
func sleep(untilNanoseconds time: Int64) {
    var until = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
    while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nil) == EINTR {}
}

func sleep(seconds: Double) {
    sleep(untilNanoseconds: monotonicNanoseconds() + Int64(seconds * 1_000_000_000))
}

/// Looks every 20 ms until `condition` holds.
/// - Returns: whether it held in time.
func wait(seconds: Double, until condition: () throws -> Bool) rethrows -> Bool {
    let deadline = monotonicNanoseconds() + Int64(seconds * 1_000_000_000)
    while monotonicNanoseconds() < deadline {
        if try condition() { return true }
        sleep(seconds: 0.02)
    }
    return try condition()
}

func systemMessage(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
}

/// A whole file; the ones of `/proc` have no size before they are read.
func contents(of path: String) throws(BenchFailure) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw BenchFailure("cannot open \(path)", errno: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw BenchFailure("cannot read \(path)", errno: errno) }
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += buffer[..<count]
    }
}
