package import Glibc

/// Finds a group of this machine by its name.
package enum GroupLookup {
    /// Why the system could not say.
    package struct Failure: Error, Sendable, Hashable {
        /// An `errno`.
        package let code: Int32
    }

    /// An entry holds the names of all members. A larger one is not believed: 16 MiB.
    private static let maximumBytes = 16 << 20

    /// Nil where there is no such group. Asks a directory service, too, where the machine has one, and waits for it.
    /// - Parameter room: for the entry at first; more is taken where that is too little.
    package static func id(of name: String, room: Int = 16 << 10) throws(Failure) -> gid_t? {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var room = max(1, room)
        while true {
            var buffer = [CChar](repeating: 0, count: room)
            switch getgrnam_r(name, &entry, &buffer, room, &found) {
            case 0: return found == nil ? nil : entry.gr_gid
            // getgrnam(3): what some systems say of a group that there is not.
            case ENOENT, ESRCH: return nil
            case EINTR: continue
            case ERANGE where room < maximumBytes: room = min(room * 4, maximumBytes)
            case let code: throw Failure(code: code)
            }
        }
    }
}
