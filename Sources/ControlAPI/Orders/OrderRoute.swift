/// What can be ordered besides a call. Every one is a `POST`.
enum OrderRoute: Sendable, Hashable {
    case createConference
    case addCallers(conference: String)
    case callGuests(conference: String)
    case sendMessage

    /// Nil: no order is at this path.
    init?(path parts: [Substring]) {
        switch parts {
        case ["v1", "conferences"]: self = .createConference
        case ["v1", "messages"]: self = .sendMessage
        case let parts where parts.count == 4 && parts[0] == "v1" && parts[1] == "conferences":
            guard let id = Query.decoded(parts[2]), !id.isEmpty, id.utf8.count <= Route.maximumIDLength else {
                return nil
            }
            switch parts[3] {
            case "callers": self = .addCallers(conference: id)
            case "calls": self = .callGuests(conference: id)
            default: return nil
            }
        default: return nil
        }
    }

    /// For metrics and logs.
    var name: String {
        switch self {
        case .createConference: "conference"
        case .addCallers: "conference-callers"
        case .callGuests: "conference-calls"
        case .sendMessage: "message"
        }
    }
}
