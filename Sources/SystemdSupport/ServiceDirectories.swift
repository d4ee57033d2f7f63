import Glibc

/// The directories that the service manager made for this service, or where they are without one.
package struct ServiceDirectories: Sendable, Equatable {
    /// What must survive a reboot: the journal. `StateDirectory=`.
    package let state: String
    /// Sockets. `RuntimeDirectory=`.
    package let runtime: String
    /// Secrets, readable by this service alone. `LoadCredential=`; nil where none were handed over.
    package let credentials: String?

    /// Reads `$STATE_DIRECTORY`, `$RUNTIME_DIRECTORY` and `$CREDENTIALS_DIRECTORY` (systemd.exec, "Environment
    /// variables in spawned processes").
    package init(_ environment: EnvironmentLookup = ProcessEnvironment.variable) {
        state = Self.first(environment("STATE_DIRECTORY")) ?? "/var/lib/ctibridge"
        runtime = Self.first(environment("RUNTIME_DIRECTORY")) ?? "/run/ctibridge"
        credentials = CredentialsDirectory.path(environment)
    }

    /// Several directories are separated by colons; ours is the first.
    private static func first(_ list: String?) -> String? {
        guard let path = list?.split(separator: ":").first, path.hasPrefix("/") else { return nil }
        return String(path)
    }
}

/// Where the service manager put this service's credentials.
package enum CredentialsDirectory {
    /// Nil where there is none: an unset or relative `$CREDENTIALS_DIRECTORY`.
    package static func path(_ environment: EnvironmentLookup = ProcessEnvironment.variable) -> String? {
        guard var path = environment("CREDENTIALS_DIRECTORY"), path.hasPrefix("/") else { return nil }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
