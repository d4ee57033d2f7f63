import Glibc

/// How many descriptors this process may have.
package enum DescriptorLimit {
    /// Raises the soft limit to the hard one. The limit afterwards.
    ///
    /// With none left the process does not merely refuse connections: libdispatch, which runs the tasks, ends it. So
    /// the limit is raised at the start, and the caps on connections stay well below it.
    package static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        if limit.rlim_cur < limit.rlim_max {
            var wanted = limit
            wanted.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &wanted) == 0 { limit = wanted }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
