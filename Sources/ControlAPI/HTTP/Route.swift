import CallModel

/// What a request asks for.
enum Route: Sendable, Hashable {
    case health, readiness, metrics, events, calls, placeCall, sources, subscribers, deliveries
    case call(CallID)
    case hangUp(CallID)
    case order(OrderRoute)

    /// Longer ids are no ids of ours.
    static let maximumIDLength = 256

    /// Throws 404 where nothing is at `path`, 405 with `Allow` where it cannot be done with `method`. `HEAD` is `GET`
    /// without the body, except for the stream, whose head says nothing.
    static func resolve(method: String, path: String) throws(Problem) -> Route {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        var routes: [String: Route]
        switch Array(parts) {
        case ["healthz"]: routes = ["GET": .health]
        case ["readyz"]: routes = ["GET": .readiness]
        case ["metrics"]: routes = ["GET": .metrics]
        case ["v1", "events"]: routes = ["GET": .events]
        case ["v1", "calls"]: routes = ["GET": .calls, "POST": .placeCall]
        case ["v1", "deliveries"]: routes = ["GET": .deliveries]
        case ["v1", "sources"]: routes = ["GET": .sources]
        case ["v1", "subscribers"]: routes = ["GET": .subscribers]
        case let parts where parts.count == 3 && parts[0] == "v1" && parts[1] == "calls":
            guard let id = Query.decoded(parts[2]), !id.isEmpty, id.utf8.count <= maximumIDLength else {
                throw .notFound(path: path)
            }
            routes = ["GET": .call(CallID(rawValue: id)), "DELETE": .hangUp(CallID(rawValue: id))]
        default:
            guard let order = OrderRoute(path: Array(parts)) else { throw .notFound(path: path) }
            routes = ["POST": .order(order)]
        }
        if let get = routes["GET"], get != .events, get != .deliveries { routes["HEAD"] = get }
        guard let route = routes[method] else { throw .methodNotAllowed(method, allow: routes.keys.sorted()) }
        return route
    }

    /// What a token must allow; nil: everybody may ask.
    ///
    /// Health and readiness are open because what asks for them (a supervisor, a load balancer) has no token, and they
    /// tell no more than a refused connection would.
    var needs: Grant? {
        switch self {
        case .health, .readiness: nil
        case .metrics, .events, .calls, .call, .sources, .subscribers: .read
        case .placeCall, .hangUp, .order: .dial
        case .deliveries: .raw
        }
    }

    /// For metrics and logs: few, and without ids.
    var name: String {
        switch self {
        case .health: "healthz"
        case .readiness: "readyz"
        case .metrics: "metrics"
        case .events: "events"
        case .deliveries: "deliveries"
        case .calls: "calls"
        case .call: "call"
        case .placeCall: "place"
        case .hangUp: "hangup"
        case .order(let order): order.name
        case .sources: "sources"
        case .subscribers: "subscribers"
        }
    }

    /// The path of a call.
    static func location(of call: CallID) -> String {
        var path = "/v1/calls/"
        for byte in call.rawValue.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                path.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                path += "%" + (hex.count == 1 ? "0" : "") + hex
            }
        }
        return path
    }
}
