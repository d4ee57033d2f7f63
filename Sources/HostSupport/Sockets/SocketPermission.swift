import Glibc

/// Who may open a socket by its file, to be put back where a change of several sockets fails at a later one.
package struct SocketPermission: Sendable {
    private let path: String
    private let mode: mode_t
    private let group: gid_t

    init(path: String) throws(SocketError) {
        var status = stat()
        try SocketError.check(lstat(path, &status), "stat", path)
        self.path = path
        mode = status.st_mode & 0o7777
        group = status.st_gid
    }

    /// As far as the system lets us: where the group cannot be given back, nobody but the owner gets more.
    package func restore() {
        // The old mode is not for the members of the new group.
        chmod(path, 0)
        let isGivenBack = chown(path, uid_t.max, group) == 0
        chmod(path, isGivenBack ? mode : mode & 0o700)
    }
}
