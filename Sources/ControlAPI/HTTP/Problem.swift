import CallModel
import HTTPTypes

/// An error as the client gets it: an RFC 9457 problem document.
///
/// `type` is `urn:ctibridge:problem:<kind>`, or `about:blank` where the status says it all. Extension members give the
/// client what it needs to go on: `oldest` and `head` for a lost cursor, `allowed` for a mistyped value.
struct Problem: Error, Sendable {
    enum Member: Sendable, Hashable {
        case text(String)
        case number(Int64)
        case list([String])
    }

    var status: HTTPResponse.Status
    /// Nil: `about:blank`.
    var kind: String?
    var title: String
    /// For a person: what was wrong and what to do. Never a secret, never a full phone number.
    var detail: String
    var members: [(name: StaticString, value: Member)]
    var headers: HTTPFields
    /// Whether the connection cannot go on: what follows on it cannot be told from the rest of this request.
    var closesConnection = false

    init(
        _ status: HTTPResponse.Status, kind: String? = nil, title: String? = nil, detail: String,
        members: [(name: StaticString, value: Member)] = [], headers: HTTPFields = [:], closesConnection: Bool = false
    ) {
        self.status = status
        self.kind = kind
        self.title = title ?? status.reasonPhrase
        self.detail = detail
        self.members = members
        self.headers = headers
        self.closesConnection = closesConnection
    }

    static let contentType = "application/problem+json"

    /// The document, with a line break at its end for those who read it on a terminal.
    var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("type", kind.map { "urn:ctibridge:problem:\($0)" } ?? "about:blank")
            json.field("title", title)
            json.field("status", Int64(status.code))
            json.field("detail", detail)
            for (name, value) in members {
                switch value {
                case .text(let text): json.field(name, text)
                case .number(let number): json.field(name, number)
                case .list(let list): json.array(name) { json in list.forEach { json.string($0) } }
                }
            }
        }
        return json.line()
    }
}

// MARK: - What a client can do wrong

extension Problem {
    static func invalidParameter(_ name: String, _ detail: String, allowed: [String] = []) -> Problem {
        Problem(
            .badRequest, kind: "invalid-parameter", title: "A query parameter is invalid",
            detail: "\(name): \(detail)",
            members: [("parameter", .text(name))] + (allowed.isEmpty ? [] : [("allowed", .list(allowed))])
        )
    }

    static func invalidBody(_ detail: String, allowed: [String] = []) -> Problem {
        Problem(
            .badRequest, kind: "invalid-body", title: "The request body is invalid", detail: detail,
            members: allowed.isEmpty ? [] : [("allowed", .list(allowed))]
        )
    }

    static func notFound(path: String) -> Problem {
        Problem(.notFound, detail: "there is nothing at \(path.prefix(128))")
    }

    static func methodNotAllowed(_ method: String, allow: [String]) -> Problem {
        Problem(
            .methodNotAllowed,
            detail: "\(method.prefix(16)) is not possible here; allowed: \(allow.joined(separator: ", "))",
            members: [("allowed", .list(allow))], headers: [.allow: allow.joined(separator: ", ")]
        )
    }

    static var contentTooLarge: Problem {
        Problem(
            .contentTooLarge, detail: "a request body may have at most \(APILimits.maximumBodyBytes) bytes",
            members: [("maximum", .number(Int64(APILimits.maximumBodyBytes)))], closesConnection: true
        )
    }

    static var unsupportedMediaType: Problem {
        Problem(
            .unsupportedMediaType, detail: "send the body as application/json",
            members: [("allowed", .list(["application/json"]))]
        )
    }

    static var unauthorized: Problem {
        Problem(
            .unauthorized, detail: "send a configured token as: Authorization: Bearer TOKEN",
            headers: [.wwwAuthenticate: "Bearer realm=\"ctibridge\""]
        )
    }

    /// The same, and nothing more is read of this connection.
    var closing: Problem {
        var problem = self
        problem.closesConnection = true
        return problem
    }

    static func forbidden(_ grant: Grant) -> Problem {
        Problem(
            .forbidden, detail: "this token lacks \"\(grant.rawValue)\" in its list \"may\"",
            members: [("needs", .text(grant.rawValue))],
            headers: [.wwwAuthenticate: "Bearer realm=\"ctibridge\", error=\"insufficient_scope\""]
        )
    }

    /// A cursor nobody can go on from. The client chooses: `oldest`, or `head` (live), and knows what it missed.
    static func cursorGone(_ detail: String, epoch: String, oldest: Int64, head: Int64) -> Problem {
        Problem(
            .gone, kind: "cursor-gone", title: "The cursor cannot be resumed", detail: detail,
            members: [
                ("epoch", .text(epoch)), ("oldest", .text(Cursor(epoch: epoch, seq: max(0, oldest - 1)).description)),
                ("head", .text(Cursor(epoch: epoch, seq: head).description)),
            ]
        )
    }
}

// MARK: - What we cannot do

extension Problem {
    static func unavailable(_ detail: String) -> Problem {
        Problem(.serviceUnavailable, detail: detail, headers: [.retryAfter: "1"])
    }

    static var stopping: Problem {
        var problem = unavailable("the daemon is stopping")
        problem.closesConnection = true
        return problem
    }
}
