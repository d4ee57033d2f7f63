/// `caller` or `destination` of a call notification: a number alone, or somebody with a name and an account.
package struct VoIPGRIDParty: Sendable, Equatable {
    package let number: String?
    let name: String?
    /// Null or a number on the wire.
    let account: Int?
    let userNumbers: [String]
    let userEmails: [String]
    /// Devices that ring.
    let targets: [VoIPGRIDParty]?
    /// The sample's destination of a new call is `number` alone.
    let isBare: Bool

    init(
        number: String?, name: String? = nil, account: Int? = nil, userNumbers: [String] = [],
        userEmails: [String] = [], targets: [VoIPGRIDParty]? = nil, isBare: Bool = false
    ) {
        self.number = number
        self.name = name
        self.account = account
        self.userNumbers = userNumbers
        self.userEmails = userEmails
        self.targets = targets
        self.isBare = isBare
    }

    /// - Parameter isBare: Whether a text stands for an object with `number` alone.
    init(_ value: JSONValue, in place: String, isBare: Bool) throws(ScenarioFault) {
        if let number = value.text {
            self.init(number: number, isBare: isBare)
            return
        }
        var fields = try FieldReader(value, in: place)
        let number = try fields.text("number")
        let name = try fields.text("name")
        let account = try fields.whole("account", in: 0...1_000_000_000)
        let userNumbers = try fields.texts("user_numbers")
        let userEmails = try fields.texts("user_emails")
        var targets: [VoIPGRIDParty]?
        if let items = try fields.items("targets") {
            targets = []
            for item in items { targets?.append(try VoIPGRIDParty(item, in: "a target", isBare: false)) }
        }
        // A destination that rings names its targets and nothing else.
        let isBare = targets != nil && !fields.has("account") && !fields.has("name")
        try fields.refuseUnknown()
        self.init(
            number: number, name: name, account: account, userNumbers: userNumbers, userEmails: userEmails,
            targets: targets, isBare: isBare)
    }

    func json(_ shape: VoIPGRIDShape) -> JSONValue {
        var members = [JSONMember("number", number.map { .string($0) } ?? .null)]
        if !isBare {
            members.append(JSONMember("name", name.map { .string($0) } ?? .null))
            members.append(JSONMember("account_number", account.map { .integer($0) } ?? .null))
            members.append(JSONMember("user_numbers", .array(userNumbers.map { .string($0) })))
            if shape == .y2023 {
                members.append(JSONMember("user_emails", .array(userEmails.map { .string($0) })))
            }
        }
        if let targets { members.append(JSONMember("targets", .array(targets.map { $0.json(shape) }))) }
        return .object(members)
    }
}
