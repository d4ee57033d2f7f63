/// What the command line says.
package struct DaemonOptions: Sendable {
    package var configuration: String
    /// Prints what the configuration comes to and ends, without opening the journal or a socket.
    package var checksConfiguration: Bool
    /// Nil: as the configuration says.
    package var stdout: Bool?
    /// Absolute. Where the journal is; made with mode 0700 where it is missing.
    package var stateDirectory: String
    /// Absolute. Where sockets with a relative path are; made with mode 0750 where it is missing.
    package var runtimeDirectory: String
    /// Where `{credential: name}` is looked for first, by systemd's `$CREDENTIALS_DIRECTORY`; nil where there is
    /// none.
    package var credentialsDirectory: String?

    package init(
        configuration: String, checksConfiguration: Bool, stdout: Bool?, stateDirectory: String,
        runtimeDirectory: String, credentialsDirectory: String?
    ) {
        self.configuration = configuration
        self.checksConfiguration = checksConfiguration
        self.stdout = stdout
        self.stateDirectory = stateDirectory
        self.runtimeDirectory = runtimeDirectory
        self.credentialsDirectory = credentialsDirectory
    }
}

/// Exit codes, by sysexits.h where it has one. Those of the configuration: `ConfigurationFailure.exitCode`.
package enum ExitCode {
    package static let clean: Int32 = 0
    package static let usage: Int32 = 64
    package static let cannotListen: Int32 = 69
    package static let `internal`: Int32 = 70
    package static let journal: Int32 = 74
    /// What `--check-config` prints cannot be written (`EX_IOERR`, as for the journal).
    package static let output: Int32 = 74
}

/// Why the daemon cannot start.
package struct StartFailure: Error, Sendable {
    package let exitCode: Int32
    /// What failed, where, and what to do.
    package let message: String
}
