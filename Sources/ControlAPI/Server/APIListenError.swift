import Glibc

/// Why the API cannot listen where it should, and what to do.
package enum APIListenError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Not absolute, or longer than the 107 bytes Linux allows.
    case pathUnusable(String)
    case notASocket(String)
    case inUse(String)
    case unknownGroup(String, path: String)
    case inheritedUnusable(descriptor: Int32, why: String)
    case notLoopback(String)
    case system(operation: String, name: String, code: Int32)

    package var description: String {
        switch self {
        case .pathUnusable(let path):
            "API socket path \(path) must be absolute and at most 107 bytes long; choose another path"
        case .notASocket(let path): "\(path) exists and is not a socket; move it away or choose another path"
        case .inUse(let name):
            "another process is listening on \(name); stop it (is a second ctibridged running?) or choose another place"
        case .unknownGroup(let group, let path):
            "there is no group \(group), which API socket \(path) should belong to; create it with:"
                + " groupadd --system \(group)"
        case .inheritedUnusable(let descriptor, let why):
            "inherited descriptor \(descriptor) cannot serve the API: \(why)"
        case .notLoopback(let host):
            "the API speaks plain HTTP and listens on loopback addresses only, not on \(host); use 127.0.0.1 or ::1"
                + " and put a reverse proxy with TLS in front"
        case .system(let operation, let name, let code):
            "\(operation) for API socket \(name) failed: \(String(cString: strerror(code)))\(Self.advice(code))"
        }
    }

    private static func advice(_ code: Int32) -> String {
        switch code {
        case ENOENT, ENOTDIR: "; create its directory first"
        case EACCES, EPERM: "; the process needs write permission on its directory, and membership in its group"
        case EMFILE: "; raise the limit on open files (LimitNOFILE)"
        default: ""
        }
    }
}
