// With the header of systemd comes `enum __socket_type`, which then is its module's and not Glibc's.
import CSystemd
import Glibc
import Synchronization

/// Hands entries to the systemd journal and never waits for it.
///
/// `sd_journal_sendv` waits where the journal does not take any more, and every thread that logs with it: the event
/// loop and the thread of our own journal first of all. So an entry is one datagram of ours in the journal's native
/// protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL), sent without waiting. Entries that find no room are counted, and the
/// count is the next entry.
package final class JournalSink: Sendable {
    private struct State {
        var descriptor: Int32 = -1
        var dropped = 0
    }

    private let path: String
    private let state = Mutex(State())

    /// Connects to nothing yet: a journal that is down costs entries, not the start.
    package init(path: String = "/run/systemd/journal/socket") {
        self.path = path
    }

    deinit {
        state.withLock { if $0.descriptor >= 0 { close($0.descriptor) } }
    }

    /// - Parameter fields: `NAME=value` each. `essential`: how many of them, from the first on, are sent where all
    ///   together are too large for one datagram.
    func send(_ fields: [String], essential: Int) {
        state.withLock { state in
            if state.dropped > 0 {
                let notice =
                    [
                        "MESSAGE=log entries dropped  count=\(state.dropped)", "PRIORITY=4",
                        "CTIBRIDGE_COUNT=\(state.dropped)",
                    ] + fields.filter { $0.hasPrefix("SYSLOG_IDENTIFIER=") }
                guard put(Self.datagram(notice), &state) == 0 else {
                    state.dropped += 1
                    return
                }
                state.dropped = 0
            }
            var code = put(Self.datagram(fields), &state)
            if code == EMSGSIZE || code == ENOBUFS { code = put(Self.datagram(fields.prefix(essential)), &state) }
            if code != 0 { state.dropped += 1 }
        }
    }

    /// 0, or the error.
    private func put(_ bytes: [UInt8], _ state: inout State) -> Int32 {
        if state.descriptor < 0 {
            state.descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard state.descriptor >= 0 else { return errno }
            // As much as systemd's own library asks for: large entries travel in one piece.
            var size: Int32 = 8 << 20
            setsockopt(state.descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.dropLast().copyBytes(from: path.utf8) }
        // By address each time: a journal that was started anew has made another socket there.
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                while true {
                    let count = sendto(
                        state.descriptor, bytes, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL), generic,
                        socklen_t(MemoryLayout<sockaddr_un>.size))
                    if count < 0, errno == EINTR { continue }
                    return count < 0 ? errno : 0
                }
            }
        }
    }

    /// `NAME=value` and a line break; a value with a line break as its name, its length in eight bytes, the least
    /// significant one first, and itself.
    static func datagram(_ fields: some Sequence<String>) -> [UInt8] {
        var bytes: [UInt8] = []
        for field in fields {
            let field = Array(field.utf8)
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else { continue }
            if field.contains(UInt8(ascii: "\n")) {
                let value = field[(equals + 1)...]
                bytes += field[..<equals] + [UInt8(ascii: "\n")]
                bytes += (0..<8).map { UInt8(truncatingIfNeeded: value.count >> ($0 * 8)) }
                bytes += value
            } else {
                bytes += field
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}
