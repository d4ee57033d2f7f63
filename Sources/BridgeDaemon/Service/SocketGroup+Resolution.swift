import BridgeConfiguration
import Glibc

extension SocketGroup {
    /// The group to hand a socket to. A default one is left out where it does not exist or is not ours to give.
    var usable: String? {
        if isRequired { return name }
        guard let entry = getgrnam(name) else { return nil }
        let id = entry.pointee.gr_gid
        if geteuid() == 0 || getegid() == id { return name }
        var groups = [gid_t](repeating: 0, count: 256)
        let count = getgroups(Int32(groups.count), &groups)
        return count > 0 && groups.prefix(Int(count)).contains(id) ? name : nil
    }
}
