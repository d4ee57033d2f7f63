import Glibc

/// Why a listening socket cannot be had, and what to do.
package enum SocketError: Error, Sendable, Hashable, CustomStringConvertible {
    case pathNotAbsolute(String)
    /// The kernel takes 107 bytes.
    case pathTooLong(String)
    case notASocket(String)
    /// The path, or the address and port.
    case inUse(String)
    /// The host is no literal IP address, or the port is none.
    case notAnAddress(String)
    case unknownGroup(String, path: String)
    case inheritedUnusable(descriptor: Int32, why: String)
    /// `name`: the path, or the address and port.
    case system(operation: String, name: String, code: Int32)

    package var description: String {
        switch self {
        case .pathNotAbsolute(let path):
            "socket path \(path) is not absolute; write it with the directory it belongs to"
        case .pathTooLong(let path):
            "socket path \(path) is longer than the 107 bytes Linux allows; choose a shorter one"
        case .notASocket(let path):
            "\(path) exists and is not a socket; move it away or choose another path"
        case .inUse(let name):
            "another process is listening on \(name); stop it (is a second ctibridged running?) or choose another place"
        case .notAnAddress(let name):
            "\(name) is not an IP address with a port up to 65535"
        case .unknownGroup(let group, let path):
            "there is no group \(group), which socket \(path) should belong to; create it: groupadd --system \(group)"
        case .inheritedUnusable(let descriptor, let why):
            "inherited descriptor \(descriptor) cannot be listened on: \(why)"
        case .system(let operation, let name, let code):
            "\(operation) of socket \(name) failed: \(Self.text(code))\(Self.advice(operation, code))"
        }
    }

    /// Throws what `errno` says, unless the call went well.
    static func check(_ result: Int32, _ operation: String, _ name: String) throws(SocketError) {
        guard result == 0 else {
            throw errno == EADDRINUSE ? .inUse(name) : .system(operation: operation, name: name, code: errno)
        }
    }

    private static func text(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func advice(_ operation: String, _ code: Int32) -> String {
        switch (operation, code) {
        case ("chmod", ENOENT), ("chown", ENOENT), ("stat", ENOENT):
            "; its file was removed: restart the daemon to make it again"
        case (_, ENOENT), (_, ENOTDIR): "; create its directory first"
        case ("chown", EPERM): "; the process must be a member of the group"
        case (_, EACCES), (_, EPERM): "; the process needs write permission on its directory"
        case (_, EROFS): "; its directory is read-only"
        case (_, EMFILE): "; raise the limit on open files (LimitNOFILE)"
        case (_, EADDRNOTAVAIL): "; choose an address of this machine"
        default: ""
        }
    }
}
