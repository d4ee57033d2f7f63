/// What the command line says.
package struct DaemonOptions: Sendable {
    package var configuration: String
    package var checksConfiguration: Bool
    /// Nil: as the configuration says.
    package var stdout: Bool?
    package var stateDirectory: String
    package var runtimeDirectory: String
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
    package static let output: Int32 = 74
}

/// Why the daemon cannot start.
package struct StartFailure: Error, Sendable {
    package let exitCode: Int32
    /// What failed, where, and what to do.
    package let message: String
}
