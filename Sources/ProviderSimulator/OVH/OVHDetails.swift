/// The `Details` object of every OVH event; all values are strings (OVH guide).
enum OVHDetails {
    static func line(type: String) -> [JSONMember] {
        [
            JSONMember("Description", "Accueil"), JSONMember("Id", "295670"), JSONMember("IdBillingAccount", "59415"),
            JSONMember("SimultaneousLine", "2"), JSONMember("Type", type),
        ]
    }

    static let queue: [JSONMember] = [
        JSONMember("Description", "File d'attente"), JSONMember("Id", "295671"),
        JSONMember("IdBillingAccount", "59415"), JSONMember("SimultaneousLine", ""), JSONMember("Type", "easyHunting"),
    ]
}
