import CallModel
import Fanout
import HostSupport
import SystemdSupport

/// Which event sockets are served: those of the configuration, where systemd does not hold the one of an entry.
///
/// A socket that was handed over stands for the entry of `sockets:` that names the same file: who may open it is the
/// unit's business, whether numbers are hidden on it stays that of the configuration.
struct SocketPlan {
    /// A listening socket of systemd.
    struct Given {
        let descriptor: Int32
        /// Where it is bound; nil where it has no path.
        let path: String?
        /// By its name, `events-masked`: numbers are hidden whatever an entry says.
        let isMasked: Bool
    }

    /// `FileDescriptorName=` of the sockets that are served.
    static let events = "events"
    static let maskedEvents = "events-masked"
    static let api = "api"
    static let webhook = "webhook"

    private(set) var sockets: [EventSocket]
    /// Handed over, and no entry of the configuration names the file. Numbers are clear there, as is the default,
    /// unless every entry hides them: then a file that was renamed in one place only does not show them.
    private(set) var unlisted: [String] = []

    init(configured: [EventSocket], given: [Given]) {
        sockets = configured
        let isAllMasked = !configured.isEmpty && configured.allSatisfy { $0.numbers == .masked }
        for socket in given {
            let index = socket.path.flatMap { Self.entry(for: $0, in: sockets) }
            let numbers = index.map { sockets[$0].numbers } ?? (isAllMasked ? .masked : .clear)
            let served = EventSocket(
                .inherited(descriptor: socket.descriptor), numbers: socket.isMasked ? .masked : numbers)
            if let index {
                sockets[index] = served
            } else {
                if !socket.isMasked { unlisted.append(socket.path ?? "descriptor \(socket.descriptor)") }
                sockets.append(served)
            }
        }
    }

    /// The entry with the same path, else the one with the same file name: the runtime directory may be another.
    private static func entry(for path: String, in sockets: [EventSocket]) -> Int? {
        func index(_ isMeant: (String) -> Bool) -> Int? {
            sockets.firstIndex { socket in
                if case .path(let configured, _, _) = socket.origin { isMeant(configured) } else { false }
            }
        }
        return index { $0 == path } ?? index { name(of: $0) == name(of: path) }
    }

    private static func name(of path: String) -> Substring {
        path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    }
}

extension SocketPlan {
    /// With what systemd has handed over.
    init(configured: [EventSocket], inherited: InheritedSockets) {
        let given = [Self.events, Self.maskedEvents].flatMap { name in
            inherited.descriptors(named: name).map {
                Given(
                    descriptor: $0, path: UnixSocketAddress.name(of: $0), isMasked: name == Self.maskedEvents)
            }
        }
        self.init(configured: configured, given: given)
    }

    /// The names of sockets that nobody accepts on: whoever connects there waits for ever.
    static func unserved(_ inherited: InheritedSockets, hasWebhooks: Bool) -> [String] {
        let served = [events, maskedEvents, api] + (hasWebhooks ? [webhook] : [])
        return inherited.names.filter { !served.contains($0) }
    }
}
