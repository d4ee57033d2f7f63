import BridgeConfiguration
import Glibc
import HostSupport
import Intake

extension HostChecks {
    /// Of this machine, for the user that runs this process.
    static let live = HostChecks(
        group: { HostGroup.reasonNotUsable($0) },
        tls: { files in
            do throws(WebhookListenerError) {
                try WebhookSettings.TLSFiles(certificate: files.certificate, key: files.key).check()
                return nil
            } catch {
                return error.description
            }
        })
}

/// A group of this machine that a socket may be handed to.
enum HostGroup {
    case usable
    case unknown
    /// Neither root nor a member: chown(2) would refuse.
    case notOurs

    init(_ name: String) {
        guard let id = try? GroupLookup.id(of: name) else {
            self = .unknown
            return
        }
        var groups = [gid_t](repeating: 0, count: 65_536)
        let count = Int(max(0, getgroups(Int32(groups.count), &groups)))
        let isOurs = geteuid() == 0 || getegid() == id || groups.prefix(count).contains(id)
        self = isOurs ? .usable : .notOurs
    }

    static func reasonNotUsable(_ name: String) -> String? {
        switch HostGroup(name) {
        case .usable: nil
        case .unknown: "there is no group '\(name)' on this machine; make it (groupadd), or correct the name"
        case .notOurs:
            "the user who runs this (uid \(geteuid())) is no member of the group '\(name)' and cannot hand a socket to "
                + "it; make the daemon's user a member, and run the check as that user"
        }
    }
}
