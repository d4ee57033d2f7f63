/// An HTTP request to a provider, as data: made by `Providers`, executed by `CurlTransport`.
package struct HTTPRequest: Sendable, Hashable {
    package enum Method: String, Sendable { case get = "GET", post = "POST", delete = "DELETE" }

    /// How the request proves who we are. Credentials never go into the URL.
    package enum Authentication: Sendable, Hashable {
        case none
        case basic(user: String, password: Redacted<String>)
        /// HTTP Digest only: the password is never sent in the clear, not even when the server offers Basic.
        case digest(user: String, password: Redacted<String>)
        /// A complete value of the `Authorization` header.
        case header(Redacted<String>)
    }

    package var method: Method
    /// May hold a secret (an OVH token), hence hidden from every description.
    package var url: Redacted<String>
    package var headers: [Header]
    package var body: [UInt8]
    package var authentication: Authentication
    /// From start to last byte of the reply.
    package var timeout: Span
    /// A longer reply is an error, found while it is still arriving. Of one that says no by its status (300 and above)
    /// this much is kept: the status is the answer.
    package var maximumReplyBytes: Int
    /// Follow at most one redirect, of a GET, to the same host. Off: a redirect is a reply like any other.
    package var followsOneRedirect: Bool
    /// Sent twice, it does what it does once. It may then take an idle connection although it is no GET, and is sent
    /// once more where that turns out to be dead.
    package var isRepeatable: Bool
    /// A path to a Unix socket to connect to instead of the host of `url`.
    package var unixSocketPath: String?

    package struct Header: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(
        _ method: Method, _ url: String, headers: [Header] = [], body: [UInt8] = [],
        authentication: Authentication = .none, timeout: Span = .seconds(15), maximumReplyBytes: Int = 1 << 20,
        followsOneRedirect: Bool = false, isRepeatable: Bool = false, unixSocketPath: String? = nil
    ) {
        self.method = method
        self.url = Redacted(url)
        self.headers = headers
        self.body = body
        self.authentication = authentication
        self.timeout = timeout
        self.maximumReplyBytes = maximumReplyBytes
        self.followsOneRedirect = followsOneRedirect
        self.isRepeatable = isRepeatable
        self.unixSocketPath = unixSocketPath
    }
}

/// What came back, whole.
package struct HTTPReply: Sendable, Hashable {
    /// Why a Digest login was turned down (401) although the password may be right.
    package enum LoginTrouble: Sendable {
        /// The server asked for no login that we speak: the password was not tried.
        case notSpoken
        /// The server called each login out of date (`stale`), the repeated one too.
        case neverCurrent
    }

    package var status: Int
    /// The status line's text, where one was sent: Keyyo may say "Come Back Later" there.
    package var reason: String
    package var contentType: String?
    /// The `Retry-After` header in whole seconds; a date in it counts as absent.
    package var retryAfterSeconds: Int?
    package var body: [UInt8]
    /// Only on a 401 to a request with Digest; nil where the login was simply wrong.
    package var loginTrouble: LoginTrouble?

    package init(
        status: Int, reason: String = "", contentType: String? = nil, retryAfterSeconds: Int? = nil,
        body: [UInt8] = [], loginTrouble: LoginTrouble? = nil
    ) {
        self.status = status
        self.reason = reason
        self.contentType = contentType
        self.retryAfterSeconds = retryAfterSeconds
        self.body = body
        self.loginTrouble = loginTrouble
    }

    /// `HTTP 429 Too Many Requests`; the number alone where the server sent no words.
    package var statusText: String { reason.isEmpty ? "HTTP \(status)" : "HTTP \(status) \(reason)" }
}

/// Why there is no whole reply.
package struct HTTPFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, apart from where.
    package enum Kind: String, Sendable {
        case cannotResolve, cannotConnect, timedOut, connectionLost, tls, replyTooLarge, cancelled, invalidRequest

        /// For a person who reads the stream or a log.
        fileprivate var phrase: String {
            switch self {
            case .cannotResolve: "the host's name cannot be resolved"
            case .cannotConnect: "no connection"
            case .timedOut: "no answer in time"
            case .connectionLost: "the connection was lost"
            case .tls: "no trusted TLS connection"
            case .replyTooLarge: "the reply is too large"
            case .cancelled: "cancelled"
            case .invalidRequest: "the request is not valid"
            }
        }
    }

    package var kind: Kind
    /// What failed and where, in words, secrets removed.
    package var detail: String
    /// Whether the request can have reached the server: then a placed call may be ringing.
    package var mayHaveBeenSent: Bool

    package init(kind: Kind, detail: String, mayHaveBeenSent: Bool) {
        self.kind = kind
        self.detail = detail
        self.mayHaveBeenSent = mayHaveBeenSent
    }

    package var description: String { detail.isEmpty ? kind.phrase : "\(kind.phrase): \(detail)" }
}

/// Something that executes requests: libcurl in the product, a script in the tests.
package protocol HTTPClient: Sendable {
    /// The whole reply, whatever its status. Cancelling the task ends the transfer at once.
    func execute(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply
}
