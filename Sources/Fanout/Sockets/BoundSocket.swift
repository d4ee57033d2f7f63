import Glibc

/// A listening Unix socket and, where we made it, the file that names it.
struct BoundSocket: Sendable {
    let descriptor: Int32
    /// What it is called in lists and logs.
    let name: String
    /// The file we made, to be recognized when it is to be removed.
    private let file: FileIdentity?

    private struct FileIdentity: Sendable, Equatable {
        let device: UInt
        let inode: UInt
    }

    /// Connections that wait to be accepted; more are refused or wait in `connect`.
    private static let backlog: Int32 = 128

    /// Makes the file, with its mode and group, and listens.
    ///
    /// Nobody can connect before `listen`, which comes after mode and group are set; and the file never has a wider
    /// mode than asked for, because Linux gives it the mode of the unbound socket. The umask, which belongs to the
    /// whole process and to files other threads make meanwhile, is left alone.
    static func open(path: String, mode: UInt32, group: String?) throws(EventSocketError) -> BoundSocket {
        let groupID = try group.map { name throws(EventSocketError) in try self.groupID(name, path: path) }
        let address = try UnixSocketAddress(path: path)
        try removeStale(address)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(operation: "socket", path: path, code: errno) }
        do throws(EventSocketError) {
            try check(fchmod(descriptor, 0), "chmod", path)
            try check(address.withPointer { bind(descriptor, $0, $1) }, "bind", path)
            do throws(EventSocketError) {
                try permit(path: path, mode: mode, groupID: groupID)
                try check(listen(descriptor, backlog), "listen", path)
            } catch {
                unlink(path)
                throw error
            }
        } catch {
            close(descriptor)
            throw error
        }
        return BoundSocket(descriptor: descriptor, name: path, file: identity(of: path))
    }

    /// Takes a socket that somebody else has bound. It must be a Unix stream socket that listens.
    static func adopt(_ descriptor: Int32) throws(EventSocketError) -> BoundSocket {
        func option(_ name: Int32) -> Int32? {
            var value: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
        }
        guard let domain = option(SO_DOMAIN), let type = option(SO_TYPE) else {
            throw .inheritedUnusable(descriptor: descriptor, why: "it is not a socket")
        }
        guard domain == AF_UNIX, type == Int32(SOCK_STREAM.rawValue) else {
            throw .inheritedUnusable(descriptor: descriptor, why: "it is not a Unix stream socket (ListenStream=/path)")
        }
        guard option(SO_ACCEPTCONN) == 1 else {
            throw .inheritedUnusable(descriptor: descriptor, why: "it does not listen (Accept=no is needed)")
        }
        let name = UnixSocketAddress.name(of: descriptor) ?? "descriptor \(descriptor)"
        return BoundSocket(descriptor: descriptor, name: name, file: nil)
    }

    /// Gives the file another mode and group.
    static func permit(path: String, mode: UInt32, group: String?) throws(EventSocketError) {
        let groupID = try group.map { name throws(EventSocketError) in try self.groupID(name, path: path) }
        try permit(path: path, mode: mode, groupID: groupID)
    }

    /// Removes the file, unless it is not the one we made any more.
    func removeFile() {
        guard let file, Self.identity(of: name) == file else { return }
        unlink(name)
    }

    private static func permit(path: String, mode: UInt32, groupID: gid_t?) throws(EventSocketError) {
        if let groupID {
            // A change of group to a narrower audience must not be seen with the old, wider mode.
            try check(chmod(path, 0), "chmod", path)
            try check(chown(path, uid_t.max, groupID), "chown", path)
        }
        try check(chmod(path, mode & 0o777), "chmod", path)
    }

    /// Removes a socket file that nobody listens on: what a crash leaves behind.
    private static func removeStale(_ address: UnixSocketAddress) throws(EventSocketError) {
        let path = address.path
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw .system(operation: "stat", path: path, code: errno)
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
        // Non-blocking: a listener whose backlog is full would otherwise hold us up, and is one all the same.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let probe = socket(AF_UNIX, kind, 0)
        guard probe >= 0 else { throw .system(operation: "socket", path: path, code: errno) }
        defer { close(probe) }
        let result = address.withPointer { connect(probe, $0, $1) }
        switch result == 0 ? 0 : errno {
        case 0, EAGAIN, EINPROGRESS, EPROTOTYPE: throw .inUse(path)
        case ECONNREFUSED:
            guard unlink(path) == 0 || errno == ENOENT else {
                throw .system(operation: "unlink", path: path, code: errno)
            }
        case ENOENT: break
        case let code: throw .system(operation: "connect", path: path, code: code)
        }
    }

    private static func identity(of path: String) -> FileIdentity? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return FileIdentity(device: UInt(status.st_dev), inode: UInt(status.st_ino))
    }

    private static func groupID(_ name: String, path: String) throws(EventSocketError) -> gid_t {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 64 << 10)
        let code = getgrnam_r(name, &entry, &buffer, buffer.count, &found)
        guard code == 0 || code == ENOENT else { throw .system(operation: "group lookup", path: path, code: code) }
        guard found != nil else { throw .unknownGroup(name, path: path) }
        return entry.gr_gid
    }

    private static func check(_ result: Int32, _ operation: String, _ path: String) throws(EventSocketError) {
        guard result == 0 else { throw .system(operation: operation, path: path, code: errno) }
    }
}
