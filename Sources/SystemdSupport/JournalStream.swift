import Glibc

/// Finds out whether a descriptor leads straight into the systemd journal.
package enum JournalStream {
    /// `$JOURNAL_STREAM` is `DEVICE:INODE` of the socket that systemd connected to standard error (systemd.exec). It
    /// is inherited by processes whose standard error leads elsewhere by now, hence the comparison.
    package static func isConnected(
        to descriptor: Int32, environment: EnvironmentLookup = ProcessEnvironment.variable
    ) -> Bool {
        guard let announced = environment("JOURNAL_STREAM") else { return false }
        let parts = announced.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let device = UInt64(parts[0]), let inode = UInt64(parts[1]) else { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
    }
}
