import CSystemd
import Glibc

/// The listening sockets that systemd opened for this service, by the name given in `FileDescriptorName=`.
///
/// Names, never numbers: the order of sockets changes with the unit files.
package struct InheritedSockets: Sendable {
    private let descriptors: [String: [Int32]]

    /// A daemon that systemd opened nothing for.
    package static let none = InheritedSockets(descriptors: [:])

    /// Why what systemd handed over cannot be used. The daemon does not start then.
    package enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        case refused(errno: Int32)
        /// Not a stream socket that listens: the unit has `Accept=yes` or `ListenDatagram=`.
        case notListening(name: String)

        package var description: String {
            switch self {
            case .refused(let code):
                "the sockets handed over by systemd cannot be taken: \(String(cString: strerror(code)))"
            case .notListening(let name):
                "the socket '\(name)' handed over by systemd is not a listening stream socket; "
                    + "use ListenStream= and Accept=no"
            }
        }
    }

    /// As if they had been handed over.
    package init(descriptors: [String: [Int32]]) {
        self.descriptors = descriptors
    }

    /// Takes the sockets over and removes the variables that announced them, so that no child takes them again.
    ///
    /// To be called in `main` before the first thread: it changes the environment. The descriptors are close-on-exec.
    package static func take() throws(Failure) -> InheritedSockets {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &names)
        guard count >= 0 else { throw .refused(errno: -count) }
        defer {
            for index in 0..<Int(count) { free(names?[index]) }
            free(names)
        }
        var descriptors: [String: [Int32]] = [:]
        for index in 0..<count {
            let descriptor = SD_LISTEN_FDS_START + index
            let name = names?[Int(index)].map { String(cString: $0) } ?? "unknown"
            guard sd_is_socket(descriptor, AF_UNSPEC, Int32(SOCK_STREAM.rawValue), 1) > 0 else {
                throw .notListening(name: name)
            }
            descriptors[name, default: []].append(descriptor)
        }
        return InheritedSockets(descriptors: descriptors)
    }

    /// Sorted.
    package var names: [String] { descriptors.keys.sorted() }

    /// The sockets of one name, in the order of the unit; empty where there is none.
    package func descriptors(named name: String) -> [Int32] { descriptors[name] ?? [] }
}
