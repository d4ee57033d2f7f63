/// What a request asks for, by its method and path alone.
enum Route: Sendable, Equatable {
    case ovhPoll(token: String, session: String?)
    case ovhNewSession
    case ovhSubscribe(session: String, token: String)
    case ovhSessionPoll(session: String)
    case dial
    case dialStatus(id: String)
    case dialHangUp(id: String)
    case addSubscription
    case removeSubscription(id: String)
    case makecall
    case orange(OrangeVerb)
    case controlEvent
    case controlFault
    case controlLog
    case controlReset
    /// The address lacks its final slash.
    case addSlash
    case wrongMethod(allow: String)
    case badRequest(String)
    case notFound

    init(_ request: Request) {
        let rest = Array(request.segments.dropFirst())
        switch request.segments.first {
        case "ovh": self = Self.ovh(request, rest)
        case "voipgrid": self = Self.voipgrid(request, rest)
        case "keyyo" where rest == ["makecall.html"]: self = Self.only("GET", request, .makecall)
        case "orange": self = Self.orange(request, rest)
        case "control": self = Self.control(request, rest)
        default: self = .notFound
        }
    }

    /// Whose fault list and log entry this request belongs to.
    var provider: ProviderName? {
        switch self {
        case .ovhPoll, .ovhNewSession, .ovhSubscribe, .ovhSessionPoll: .ovh
        case .dial, .dialStatus, .dialHangUp, .addSubscription, .removeSubscription: .voipgrid
        case .makecall: .keyyo
        case .orange: .orange
        default: nil
        }
    }

    /// What requests are counted by: OVH token or session, VoIPGRID call id; Keyyo's account is in the query.
    var key: String? {
        switch self {
        case .ovhPoll(let token, _), .ovhSubscribe(_, let token): token
        case .ovhSessionPoll(let session): session
        case .dialStatus(let id), .dialHangUp(let id): id
        default: nil
        }
    }

    private static func only(_ method: String, _ request: Request, _ route: Route) -> Route {
        request.method == method ? route : .wrongMethod(allow: method)
    }

    private static func ovh(_ request: Request, _ rest: [String]) -> Route {
        if rest.allSatisfy(\.isEmpty), rest.count <= 1 {
            guard let token = request.parameter("token"), !token.isEmpty else {
                return only("GET", request, .badRequest("token is missing"))
            }
            return only("GET", request, .ovhPoll(token: token, session: request.parameter("session")))
        }
        switch rest.count {
        case 2 where rest == ["v2", "session"]:
            return only("POST", request, .ovhNewSession)
        case 5 where rest[0] == "v2" && rest[1] == "session" && rest[3] == "subscribe":
            return only("POST", request, .ovhSubscribe(session: rest[2], token: rest[4]))
        case 5 where rest[0] == "v2" && rest[1] == "session" && rest[3] == "events" && rest[4] == "poll":
            return only("GET", request, .ovhSessionPoll(session: rest[2]))
        default: return .notFound
        }
    }

    private static func voipgrid(_ request: Request, _ rest: [String]) -> Route {
        if rest.starts(with: ["api", "callnotification", "callnotification"]) {
            return subscriptions(request, Array(rest.dropFirst(3)))
        }
        guard rest.starts(with: ["api", "clicktodial"]) else { return .notFound }
        let tail = Array(rest.dropFirst(2))
        // Without its final slash an address is not the interface's; a web framework redirects what is safe to repeat.
        guard tail.last == "", tail.count <= 2 else {
            return tail.count <= 1 && request.method == "GET" ? .addSlash : .notFound
        }
        if tail.count == 1 { return only("POST", request, .dial) }
        switch request.method {
        case "GET": return .dialStatus(id: tail[0])
        case "DELETE": return .dialHangUp(id: tail[0])
        default: return .wrongMethod(allow: "GET, DELETE")
        }
    }

    /// The address of a registration is printed without a final slash.
    private static func subscriptions(_ request: Request, _ tail: [String]) -> Route {
        guard let id = tail.first, tail.count == 1 || (tail.count == 2 && tail[1].isEmpty) else { return .notFound }
        return id.isEmpty
            ? only("POST", request, .addSubscription) : only("DELETE", request, .removeSubscription(id: id))
    }

    private static func orange(_ request: Request, _ rest: [String]) -> Route {
        guard let verb = OrangeVerb(path: rest.joined(separator: "/")) else { return .notFound }
        return ["GET", "POST"].contains(request.method) ? .orange(verb) : .wrongMethod(allow: "GET, POST")
    }

    private static func control(_ request: Request, _ rest: [String]) -> Route {
        switch rest {
        case ["event"]: only("POST", request, .controlEvent)
        case ["fault"]: only("POST", request, .controlFault)
        case ["log"]: only("GET", request, .controlLog)
        case ["reset"]: only("POST", request, .controlReset)
        default: .notFound
        }
    }
}
