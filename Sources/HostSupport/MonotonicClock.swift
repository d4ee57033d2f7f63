package import CallModel
import Glibc

/// Milliseconds since the machine started: for distances in time, which a change of the wall clock must not stretch.
package enum MonotonicClock {
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
