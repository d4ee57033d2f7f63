import Glibc

/// A listening socket that is not part of any event loop yet, and, where we made one, the file that names it.
///
/// Opened before anything is served, so that a place that is taken is known while the daemon can still say so and exit.
package struct BoundSocket: Sendable {
    package enum Family: Sendable, Hashable { case unix, tcp }

    /// Whoever takes the socket over closes it.
    package let descriptor: Int32
    /// What it is called in lists and logs: the path, or the address and port.
    package let name: String
    package let family: Family
    /// The file we made, to be recognized when it is to be removed.
    private let file: FileIdentity?

    private struct FileIdentity: Sendable, Equatable {
        let device: UInt
        let inode: UInt
    }

    /// Connections that wait to be accepted; more are refused or wait in `connect`.
    package static let backlog: Int32 = 256

    /// Makes the file, with its mode and group, and listens. `group` nil: the group of the process.
    ///
    /// Whoever can open a socket may read the stream or place calls, so there is no moment at which more can than are
    /// meant to: nobody can connect before `listen`, which comes after mode and group are set, and the file never has
    /// a wider mode than asked for, because Linux gives it the mode of the unbound socket. The umask, which belongs to
    /// the whole process and to files other threads make meanwhile, is left alone.
    package static func unix(path: String, mode: UInt32, group: String?) throws(SocketError) -> BoundSocket {
        let groupID = try group.map { name throws(SocketError) in try self.groupID(name, path: path) }
        let address = try UnixSocketAddress(path: path)
        try removeStale(address)
        let descriptor = try make(AF_UNIX, name: path)
        do throws(SocketError) {
            try SocketError.check(fchmod(descriptor, 0), "chmod", path)
            try SocketError.check(address.withPointer { bind(descriptor, $0, $1) }, "bind", path)
            do throws(SocketError) {
                try permit(path: path, mode: mode, groupID: groupID)
                try SocketError.check(listen(descriptor, backlog), "listen", path)
            } catch {
                unlink(path)
                throw error
            }
        } catch {
            close(descriptor)
            throw error
        }
        return BoundSocket(descriptor: descriptor, name: path, family: .unix, file: identity(of: path))
    }

    /// Listens on an IPv4 or IPv6 address, given as a literal; on port 0, on any that is free.
    package static func tcp(_ endpoint: TCPEndpoint) throws(SocketError) -> BoundSocket {
        let name = endpoint.description
        guard let address = IPSocketAddress(endpoint) else {
            throw .notAnAddress(name)
        }
        let descriptor = try make(address.family, name: name)
        do throws(SocketError) {
            var yes: Int32 = 1
            let size = socklen_t(MemoryLayout<Int32>.size)
            try SocketError.check(
                setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size), "setsockopt", name)
            try SocketError.check(address.withPointer { bind(descriptor, $0, $1) }, "bind", name)
            try SocketError.check(listen(descriptor, backlog), "listen", name)
        } catch {
            close(descriptor)
            throw error
        }
        let bound = TCPEndpoint(descriptor: descriptor)?.description ?? name
        return BoundSocket(descriptor: descriptor, name: bound, family: .tcp, file: nil)
    }

    /// Takes a socket that somebody else has bound. It must be a stream socket of one of `families` that listens.
    package static func adopt(_ descriptor: Int32, families: Set<Family>) throws(SocketError) -> BoundSocket {
        func option(_ name: Int32) -> Int32? {
            var value: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
        }
        guard let domain = option(SO_DOMAIN), let type = option(SO_TYPE) else {
            throw .inheritedUnusable(descriptor: descriptor, why: "it is not a socket")
        }
        let family: Family? =
            switch domain {
            case AF_UNIX: .unix
            case AF_INET, AF_INET6: .tcp
            default: nil
            }
        guard let family, families.contains(family), type == Int32(SOCK_STREAM.rawValue) else {
            let wanted = families.contains(.tcp) ? "stream socket" : "Unix stream socket"
            throw .inheritedUnusable(descriptor: descriptor, why: "it is not a \(wanted) (ListenStream=)")
        }
        guard option(SO_ACCEPTCONN) == 1 else {
            throw .inheritedUnusable(descriptor: descriptor, why: "it does not listen (Accept=no is needed)")
        }
        let name = UnixSocketAddress.name(of: descriptor) ?? TCPEndpoint(descriptor: descriptor)?.description
        return BoundSocket(
            descriptor: descriptor, name: name ?? "descriptor \(descriptor)", family: family, file: nil)
    }

    /// Gives the file another mode and group. After a failure it has those it had.
    /// - Returns: what it had.
    @discardableResult
    package static func permit(path: String, mode: UInt32, group: String?) throws(SocketError) -> SocketPermission {
        let groupID = try group.map { name throws(SocketError) in try self.groupID(name, path: path) }
        let before = try SocketPermission(path: path)
        do throws(SocketError) {
            try permit(path: path, mode: mode, groupID: groupID)
        } catch {
            before.restore()
            throw error
        }
        return before
    }

    /// Removes the file, unless it is not the one we made any more.
    package func removeFile() {
        guard let file, Self.identity(of: name) == file else { return }
        unlink(name)
    }

    /// For a socket that was never served; otherwise the event loop closes it.
    package func closeUnserved() {
        close(descriptor)
        removeFile()
    }

    // MARK: - Steps

    private static func make(_ domain: Int32, name: String) throws(SocketError) -> Int32 {
        let descriptor = socket(domain, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(operation: "socket", name: name, code: errno) }
        return descriptor
    }

    private static func permit(path: String, mode: UInt32, groupID: gid_t?) throws(SocketError) {
        if let groupID {
            // A change of group to a narrower audience must not be seen with the old, wider mode.
            try SocketError.check(chmod(path, 0), "chmod", path)
            try SocketError.check(chown(path, uid_t.max, groupID), "chown", path)
        }
        try SocketError.check(chmod(path, mode & 0o777), "chmod", path)
    }

    /// Removes a socket file that nobody listens on: what a crash leaves behind.
    private static func removeStale(_ address: UnixSocketAddress) throws(SocketError) {
        let path = address.path
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw .system(operation: "stat", name: path, code: errno)
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
        // Non-blocking: a listener whose backlog is full would otherwise hold us up, and is one all the same.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let probe = socket(AF_UNIX, kind, 0)
        guard probe >= 0 else { throw .system(operation: "socket", name: path, code: errno) }
        defer { close(probe) }
        let result = address.withPointer { connect(probe, $0, $1) }
        switch result == 0 ? 0 : errno {
        case 0, EAGAIN, EINPROGRESS, EPROTOTYPE: throw .inUse(path)
        case ECONNREFUSED:
            guard unlink(path) == 0 || errno == ENOENT else {
                throw .system(operation: "unlink", name: path, code: errno)
            }
        case ENOENT: break
        case let code: throw .system(operation: "connect", name: path, code: code)
        }
    }

    private static func identity(of path: String) -> FileIdentity? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return FileIdentity(device: UInt(status.st_dev), inode: UInt(status.st_ino))
    }

    private static func groupID(_ name: String, path: String) throws(SocketError) -> gid_t {
        let id: gid_t?
        do throws(GroupLookup.Failure) {
            id = try GroupLookup.id(of: name)
        } catch {
            throw .system(operation: "group lookup", name: path, code: error.code)
        }
        guard let id else { throw .unknownGroup(name, path: path) }
        return id
    }
}
