import Glibc
import Synchronization

/// Keeps a second daemon out: an exclusive `flock` on `<journal>.lock`, gone with the process however it ends.
///
/// A file of its own, because SQLite uses POSIX locks on the database, which any `close` in the process would drop.
final class JournalLock: Sendable {
    private let descriptor: Mutex<CInt?>

    init(journal path: String) throws(JournalError) {
        let lockPath = path + ".lock"
        let opened = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, JournalFile.ownerOnly)
        guard opened >= 0 else {
            throw JournalError(.notPermitted, path: path, detail: "\(lockPath): \(String(cString: strerror(errno)))")
        }
        let code = Self.take(opened)
        guard code == 0 else {
            let owner = Self.owner(opened)
            Glibc.close(opened)
            guard code == EWOULDBLOCK else {
                let detail = "\(lockPath): \(String(cString: strerror(code)))"
                throw JournalError(.inputOutput, path: path, detail: detail)
            }
            throw JournalError(.inUse, path: path, detail: "\(lockPath) is held by \(owner)")
        }
        Self.sign(opened)
        descriptor = Mutex(opened)
    }

    deinit {
        release()
    }

    func release() {
        let held = descriptor.withLock { held in
            defer { held = nil }
            return held
        }
        if let held { Glibc.close(held) }
    }

    /// Tries for a fifth of a second: a predecessor may be about to end, or a process it has just started may not have
    /// let go of its copy of the descriptor yet. The error number, 0 where the lock is ours.
    private static func take(_ descriptor: CInt) -> CInt {
        for attempt in 0..<10 {
            if attempt > 0 { usleep(20_000) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return 0 }
            guard errno == EWOULDBLOCK || errno == EINTR else { return errno }
        }
        return EWOULDBLOCK
    }

    /// The number is for people only; the lock does not depend on it, hence no check of the result.
    private static func sign(_ descriptor: CInt) {
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = pwrite(descriptor, text, text.count, 0)
    }

    private static func owner(_ descriptor: CInt) -> String {
        var text = [UInt8](repeating: 0, count: 20)
        let count = pread(descriptor, &text, text.count, 0)
        let digits = text.prefix(max(count, 0)).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits.isEmpty ? "another process" : "process \(String(decoding: digits, as: UTF8.self))"
    }
}
