import Glibc

extension ListeningSocket {
    /// Makes the socket file, with its mode and group, and listens.
    ///
    /// Whoever can open this socket can place calls, so there is no moment at which more can than are meant to: Linux
    /// gives the file the mode of the unbound socket, which is made 0 before, and `listen` comes last.
    static func unix(path: String, mode: UInt32, group: String?) throws(APIListenError) -> ListeningSocket {
        let groupID = try group.map { name throws(APIListenError) in try self.groupID(name, path: path) }
        try SocketFile.removeStale(path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(operation: "socket", name: path, code: errno) }
        do throws(APIListenError) {
            try check(fchmod(descriptor, 0), "chmod", path)
            try check(SocketFile.withAddress(path) { bind(descriptor, $0, $1) }, "bind", path)
            do throws(APIListenError) {
                if let groupID { try check(chown(path, uid_t.max, groupID), "chown", path) }
                try check(chmod(path, mode & 0o777), "chmod", path)
                try check(listen(descriptor, backlog), "listen", path)
            } catch {
                unlink(path)
                throw error
            }
        } catch {
            close(descriptor)
            throw error
        }
        return ListeningSocket(descriptor: descriptor, name: path, way: .unixSocket, file: SocketFile(path))
    }

    private static func groupID(_ name: String, path: String) throws(APIListenError) -> gid_t {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 64 << 10)
        let code = getgrnam_r(name, &entry, &buffer, buffer.count, &found)
        guard code == 0 || code == ENOENT else { throw .system(operation: "group lookup", name: path, code: code) }
        guard found != nil else { throw .unknownGroup(name, path: path) }
        return entry.gr_gid
    }
}
