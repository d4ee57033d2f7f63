import Glibc

/// Why a socket of the stream cannot be opened, and what to do.
package enum EventSocketError: Error, Sendable, Hashable, CustomStringConvertible {
    case pathNotAbsolute(String)
    /// The kernel takes 107 bytes.
    case pathTooLong(String)
    case configuredTwice(String)
    case notASocket(String)
    case inUse(String)
    case unknownGroup(String, path: String)
    case inheritedUnusable(descriptor: Int32, why: String)
    case system(operation: String, path: String, code: Int32)

    package var description: String {
        switch self {
        case .pathNotAbsolute(let path):
            "socket path \(path) is not absolute; write it with the directory it belongs to"
        case .pathTooLong(let path):
            "socket path \(path) is longer than the 107 bytes Linux allows; choose a shorter one"
        case .configuredTwice(let path):
            "socket \(path) is configured twice; remove one of the two"
        case .notASocket(let path):
            "\(path) exists and is not a socket; move it away or choose another path"
        case .inUse(let path):
            "another process is listening on \(path); stop it (is a second ctibridged running?) or choose another path"
        case .unknownGroup(let group, let path):
            "there is no group \(group), which socket \(path) should belong to; create it: groupadd --system \(group)"
        case .inheritedUnusable(let descriptor, let why):
            "inherited descriptor \(descriptor) cannot serve the event stream: \(why)"
        case .system(let operation, let path, let code):
            "\(operation) of socket \(path) failed: \(Self.text(code))\(Self.advice(operation, code))"
        }
    }

    private static func text(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func advice(_ operation: String, _ code: Int32) -> String {
        switch (operation, code) {
        case (_, ENOENT), (_, ENOTDIR): "; create its directory first"
        case ("chown", EPERM): "; the process must be a member of the group"
        case (_, EACCES), (_, EPERM): "; the process needs write permission on its directory"
        case (_, EROFS): "; its directory is read-only"
        case (_, EMFILE): "; raise the limit on open files (LimitNOFILE)"
        default: ""
        }
    }
}
