import BridgeConfiguration

extension SocketGroup {
    /// The group to hand a socket to. A default one is left out where it does not exist or is not ours to give.
    var usable: String? {
        isRequired || HostGroup(name) == .usable ? name : nil
    }
}
