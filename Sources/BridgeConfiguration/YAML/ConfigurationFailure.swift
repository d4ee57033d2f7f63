/// One thing wrong with the configuration file, said so that it can be put right.
package struct ConfigurationError: Error, Sendable, Hashable {
    package let position: Position
    /// What is wrong and what to do. Holds no secret.
    package let message: String
}

/// Why there is no configuration.
package enum ConfigurationFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file could not be read at all.
    case unreadable(path: String, reason: String)
    /// Everything that is wrong, in the order of the file.
    case invalid(path: String, errors: [ConfigurationError])

    /// By sysexits.h: EX_NOINPUT, EX_CONFIG.
    package var exitCode: Int32 {
        switch self {
        case .unreadable: 66
        case .invalid: 78
        }
    }

    /// One line an error, `FILE:LINE:COLUMN: message`, which editors and compilers' readers understand.
    package var lines: [String] {
        switch self {
        case .unreadable(let path, let reason): ["\(path): cannot be read: \(reason)"]
        case .invalid(let path, let errors): errors.map { "\(path):\($0.position): \($0.message)" }
        }
    }

    package var description: String { lines.joined(separator: "\n") }
}
