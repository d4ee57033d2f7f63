package import CallModel

/// The requests of click-to-dial (VoIPGRID wiki "Klik en bel"; `DELETE` from the mobile clients).
package struct VoIPGRIDRequests: Sendable {
    private let baseURL: String
    private let authentication: HTTPRequest.Authentication

    /// `Token` is the newer form of the `Authorization` header, `Basic` the documented one.
    package enum Credentials: Sendable {
        case password(user: String, Redacted<String>)
        case apiToken(user: String, Redacted<String>)
    }

    package init(baseURL: String, credentials: Credentials) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        authentication =
            switch credentials {
            case .password(let user, let password): .basic(user: user, password: password)
            case .apiToken(let user, let token): .header(Redacted("Token \(user):\(token.exposed)"))
            }
    }

    /// A call to be placed (`POST /api/clicktodial/`).
    package struct Call: Sendable, Hashable {
        package var to: String
        package var from: String?
        /// The number shown to our own phone.
        package var ownShownNumber: String?
        /// The number shown to the called party.
        package var shownNumber: String?
        package var autoAnswer: Bool?

        package init(
            to: String, from: String? = nil, ownShownNumber: String? = nil, shownNumber: String? = nil,
            autoAnswer: Bool? = nil
        ) {
            self.to = to
            self.from = from
            self.ownShownNumber = ownShownNumber
            self.shownNumber = shownNumber
            self.autoAnswer = autoAnswer
        }
    }

    /// Only what is set is sent. The trailing slash is part of the address; a redirect of it is not followed, because
    /// a POST must not be repeated.
    package func place(_ call: Call) -> HTTPRequest {
        var json = JSONWriter()
        json.object {
            $0.field("b_number", NumberPlan.digits(of: call.to) ?? call.to)
            $0.field("b_cli", call.shownNumber)
            $0.field("a_number", call.from.map { NumberPlan.digits(of: $0) ?? $0 })
            $0.field("a_cli", call.ownShownNumber)
            $0.field("auto_answer", call.autoAnswer)
        }
        return HTTPRequest(
            .post, "\(baseURL)/api/clicktodial/",
            headers: [.init("Content-Type", "application/json"), .init("Accept", "application/json")],
            body: json.bytes, authentication: authentication, timeout: .seconds(15), maximumReplyBytes: 64 << 10)
    }

    package func status(of callid: String) -> HTTPRequest {
        HTTPRequest(
            .get, url(of: callid), headers: [.init("Accept", "application/json")], authentication: authentication,
            timeout: .seconds(10), maximumReplyBytes: 64 << 10, followsOneRedirect: true)
    }

    /// Not repeated where its answer is lost: the call may be over then.
    package func hangUp(_ callid: String) -> HTTPRequest {
        HTTPRequest(
            .delete, url(of: callid), headers: [.init("Accept", "application/json")], authentication: authentication,
            timeout: .seconds(10), maximumReplyBytes: 64 << 10)
    }

    private func url(of callid: String) -> String { "\(baseURL)/api/clicktodial/\(percentEncoded(callid))/" }

    /// The client's own address: personal data of nobody we report on, and of no use.
    package static let secretFields = ["originating_ip"]

    // MARK: - Replies

    /// A yes that names no call is none: it could neither be followed nor ended.
    package static func result(of reply: HTTPReply) -> PlacementResult {
        let text = PlacementResult.text(of: reply)
        switch reply.status {
        case 200..<300:
            guard let json = JSONValue.read(reply.body)?.object else {
                return .unknown("the reply is not JSON; the call may have been placed")
            }
            guard json["callid"]?.text != nil else {
                return .refused(status: reply.status, text: "the reply names no call", isBarred: false)
            }
            return .accepted
        // A gateway's word about a server that may have acted.
        case 502, 504: return .unknown(text)
        case 500..<600: return .refused(status: reply.status, text: text, isBarred: false)
        default:
            return .refused(status: reply.status, text: text, isBarred: text.contains("not permitted"))
        }
    }

    /// The provider's id of the call in its reply to our request.
    package static func callid(in body: [UInt8]) -> String? {
        JSONValue.read(body)?.object?["callid"]?.text
    }

    /// Whether the provider agrees that the call is to end. "Already disconnected" means that it has. 404 is no
    /// agreement: the provider does not know the call.
    package static func isHungUp(_ reply: HTTPReply) -> Bool {
        [200, 201, 202, 204].contains(reply.status)
            || PlacementResult.text(of: reply).lowercased().contains("already disconnected")
    }
}
