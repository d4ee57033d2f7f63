import Glibc
import NIOCore
import NIOPosix

extension Endpoint {
    /// Says which endpoint could not be reached, why, and what to do about it.
    func unreachable(because error: any Error) -> ClientFailure {
        guard let code = Self.errno(in: error) else {
            if error is ChannelError {
                return .unreachable(
                    "\(self) does not answer within 5 seconds; is the daemon overloaded?", isTemporary: true)
            }
            return .unreachable("cannot connect to \(self)", isTemporary: true)
        }
        switch (address, code) {
        case (.socket(let path), EACCES), (.socket(let path), EPERM):
            return .unreachable(
                "permission denied on \(path): whoever can open it can place calls, so it is for the group of the "
                    + "socket only (see ls -l \(path)); join that group (usermod -aG) and log in again",
                isTemporary: false)
        case (.socket(let path), ENOENT):
            return .unreachable(
                "there is no socket \(path): the daemon is not running, or its API socket is elsewhere; "
                    + "see systemctl status ctibridged, or name the socket with --socket",
                isTemporary: true)
        case (.socket(let path), ECONNREFUSED):
            return .unreachable(
                "nobody listens on \(path): the daemon is not running; see systemctl status ctibridged",
                isTemporary: true)
        case (.socket(let path), ENOTSOCK), (.socket(let path), ENOTDIR):
            return .unreachable("\(path) is not a socket", isTemporary: false)
        case (.tcp, ECONNREFUSED):
            return .unreachable(
                "nobody listens on \(self): the daemon is not running, or api.http is not in its configuration",
                isTemporary: true)
        default:
            return .unreachable("cannot connect to \(self): \(String(cString: strerror(code)))", isTemporary: true)
        }
    }

    /// Adds to a 401 where the token comes from: the daemon knows no variables of ours.
    func explain(_ failure: ClientFailure) -> ClientFailure {
        guard case .tcp = address, case .refused(let problem) = failure, problem.status == 401 else { return failure }
        let detail =
            token == nil
            ? "\(self) asks for a token and CTIBRIDGE_TOKEN is not set; set it to one of api.http.tokens of the daemon"
            : "the token in CTIBRIDGE_TOKEN is none of api.http.tokens of the daemon at \(self)"
        return .refused(Problem(status: 401, title: problem.title, detail: detail, members: problem.members))
    }

    private static func errno(in error: any Error) -> CInt? {
        switch error {
        case let error as IOError: error.errnoCode
        case let error as NIOConnectionError:
            error.connectionErrors.lazy.compactMap { ($0.error as? IOError)?.errnoCode }.first
        default: nil
        }
    }
}
