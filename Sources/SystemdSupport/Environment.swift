import Glibc

/// Looks an environment variable up.
///
/// Passed around rather than called where needed, so that tests need not change the environment they share.
package typealias EnvironmentLookup = (_ name: String) -> String?

package enum ProcessEnvironment {
    /// From this process. Only before the first thread starts: getenv(3) is not safe beside a setenv(3).
    package static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
