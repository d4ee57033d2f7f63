import Glibc

/// Looks an environment variable up.
///
/// Passed around rather than called where needed, so that tests need not change the environment they share.
package typealias EnvironmentLookup = (_ name: String) -> String?

/// The environment that the process was started with.
package enum ProcessEnvironment {
    /// From this process. At any time: getenv(3) is unsafe only beside a change of the environment, and the one there
    /// is (`InheritedSockets.take`) comes before the first thread.
    package static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
