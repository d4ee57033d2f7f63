/// One event as OVH publishes it, ready to be written for any token in either version.
///
/// Keys and their order: OVH guide "Documentation technique CTI" for version 1; the same in lower case, with the inner
/// keys of `Data` still capitalised, for version 2 (seen in public clients).
struct OVHEvent: Sendable {
    let name: String
    let service: String
    let ressource: String
    let published: WallTime
    let dataV1: [JSONMember]
    let dataV2: [JSONMember]
    let details: [JSONMember]

    func versionOne(token: String) -> JSONValue {
        .object([
            JSONMember("Event", name), JSONMember("Token", token), JSONMember("Service", service),
            JSONMember("Ressource", ressource), JSONMember("Timestamp", .integer(published.nanoseconds)),
            JSONMember("Date", published.ovhDate), JSONMember("Data", .object(dataV1)),
            JSONMember("Details", .object(details)),
        ])
    }

    func versionTwo(token: String) -> JSONValue {
        .object([
            JSONMember("event", name), JSONMember("token", token), JSONMember("service", service),
            JSONMember("ressource", ressource), JSONMember("timestamp", .integer(published.nanoseconds)),
            JSONMember("date", published.ovhDate), JSONMember("data", .object(dataV2)),
            JSONMember("details", .object(details)),
        ])
    }
}
