import CSystemd
import Glibc

/// Tells the service manager how the service is (sd_notify(3)).
///
/// Without a service manager every message goes nowhere, which is no error. A message that cannot be sent is none
/// either: nothing the daemon does depends on it, and systemd's own timeouts notice.
package struct ServiceNotifier: Sendable {
    /// Whether the message, of these fields, was handed over.
    private let send: @Sendable ([String]) -> Bool

    /// - Parameter send: hands a message over, and says whether it could; to `$NOTIFY_SOCKET` unless something else
    ///   is given.
    package init(send: @escaping @Sendable ([String]) -> Bool = Self.notify) {
        self.send = send
    }

    /// Listeners are bound and the journal is open, or a reload is done. `status`: one line for `systemctl status`.
    @discardableResult
    package func ready(status: String) -> Bool {
        send(["READY=1", Self.statusField(status)])
    }

    /// How the service is, whenever that changes: one line for `systemctl status`.
    @discardableResult
    package func status(_ status: String) -> Bool {
        send([Self.statusField(status)])
    }

    /// Whether somebody listens.
    package static var isHeard: Bool { getenv("NOTIFY_SOCKET") != nil }

    /// First thing when a reload begins. The time lets systemd tell this reload's `READY=1` from an earlier one.
    @discardableResult
    package func reloading() -> Bool {
        send(["RELOADING=1", "MONOTONIC_USEC=\(Self.monotonicMicroseconds())", "STATUS=reloading"])
    }

    /// First thing when the daemon stops. False where nobody was told.
    @discardableResult
    package func stopping() -> Bool {
        send(["STOPPING=1", "STATUS=stopping"])
    }

    /// A sign of life; to be sent only when the pipeline has moved since the last one.
    @discardableResult
    package func watchdog() -> Bool {
        send(["WATCHDOG=1"])
    }

    /// Within which time a sign of life must come; nil where nobody watches.
    ///
    /// Half of it is a good period (sd_watchdog_enabled(3)).
    package static func watchdogInterval() -> Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    /// One message of these `NAME=value` fields to `$NOTIFY_SOCKET`. False where there is none, or it could not be
    /// sent.
    @Sendable package static func notify(_ fields: [String]) -> Bool {
        // 0: keep $NOTIFY_SOCKET, there is more to say.
        sd_notify(0, fields.joined(separator: "\n")) > 0
    }

    /// A line break would begin another field.
    private static func statusField(_ status: String) -> String {
        "STATUS=" + LogText.escaped(status, limit: 512)
    }

    private static func monotonicMicroseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}
