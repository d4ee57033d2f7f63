internal import Glibc

/// Lets the process open as many connections as the system allows: a thousand tokens are a thousand held polls, and
/// many shells start programs with 1 024 descriptors.
/// - Returns: The number of descriptors the process may have now.
@discardableResult
package func raiseDescriptorLimit() -> Int {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return 1_024 }
    limit.rlim_cur = limit.rlim_max
    setrlimit(resource, &limit)
    guard getrlimit(resource, &limit) == 0 else { return 1_024 }
    return Int(clamping: limit.rlim_cur)
}
