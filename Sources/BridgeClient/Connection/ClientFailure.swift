/// Why a command did not do what was asked: always a sentence for a person, and an exit code of `sysexits.h`.
package enum ClientFailure: Error, Sendable, Hashable {
    /// The arguments make no sense together.
    case usage(String)
    /// Nobody answers at the endpoint. `isTemporary`: waiting can help.
    case unreachable(String, isTemporary: Bool)
    /// The daemon said no, or the provider it asked.
    case refused(Problem)
    /// The daemon cannot answer now (429 and 503).
    case busy(Problem)
    /// What was asked for is not there.
    case nothingFound(String)
    /// The connection ended before the answer was complete: what was asked may or may not have happened.
    case interrupted(String)
    /// The other side does not speak the protocol of a ctibridge daemon.
    case protocolViolation(String)
    /// The other side speaks another protocol, and it is known which.
    case otherProtocol(String)
    /// The daemon said nothing for too long: it may be busy, or hang. What was asked may have happened here, too.
    case silent(seconds: Int64)
    /// A file or the standard output cannot be read or written.
    case file(String)

    /// Why nobody knows whether what was asked has happened; nil where that is known.
    var lostAnswer: String? {
        switch self {
        case .interrupted, .silent: description
        default: nil
        }
    }

    /// 1, 64, 69, 70, 74 or 75, as `ctibridge --help` lists them.
    package var exitCode: Int32 {
        switch self {
        case .refused(let problem): Self.exitCode(of: problem)
        case .nothingFound: 1
        case .usage: 64
        case .unreachable: 69
        case .protocolViolation, .otherProtocol: 70
        case .file: 74
        case .busy, .interrupted, .silent: 75
        }
    }

    /// What was typed wrong is the daemon's to find where only it knows better: names of types and sources, numbers.
    private static func exitCode(of problem: Problem) -> Int32 {
        switch problem.kind {
        case "unknown-source", "invalid-call", "invalid-order": 64
        case "provider-unreachable": 69
        case "result-unknown": 75
        default: problem.status == 400 ? 64 : 1
        }
    }
}

extension ClientFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .usage(let text), .unreachable(let text, _), .interrupted(let text), .file(let text),
            .nothingFound(let text), .otherProtocol(let text):
            text
        case .silent(let seconds): "the daemon said nothing for \(seconds) seconds"
        case .protocolViolation(let text): "\(text); is this the API of a ctibridge daemon of the same version?"
        case .refused(let problem), .busy(let problem): problem.description
        }
    }
}
