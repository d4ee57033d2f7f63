import CallModel

/// A pushed call notification (VoIPGRID wiki and help pages on call notifications, version `v2`): one POST for each
/// moment of every call of the customer.
///
/// Fields differ from page to page; each may be missing, null or empty, a number may be text.
struct VoIPGRIDNotification: Sendable {
    let callID: String
    let word: String?
    let reason: String?
    let timestamp: String?
    let direction: String?
    let caller: Side?
    let destination: Side?

    /// One side of the call, or one of the devices that ring for it.
    struct Side: Sendable, Hashable {
        var number: String?
        var name: String?
        /// The name of the device: its own account, else the user whose it is. Neither is a telephone number.
        var line: String?
        /// The account's number and those of its users: any of them may stand for the line elsewhere.
        var names: [String]

        init?(_ json: JSONValue?) {
            guard let object = json?.object else { return nil }
            number = object["number"]?.text
            name = object["name"]?.text
            let users = (object["user_numbers"]?.array ?? []).prefix(16).compactMap(\.text)
            names = [object["account_number"]?.text].compactMap(\.self) + users
            line = object["account_number"]?.text ?? object["user_numbers"]?.array?.lazy.compactMap(\.text).first
        }
    }

    /// The devices that ring; more than this are not looked at.
    let targets: [Side]
    static let maximumTargets = 64

    /// Nil where the object does not name a call.
    init?(_ object: [String: JSONValue]) {
        guard let callID = object["call_id"]?.text else { return nil }
        self.callID = callID
        word = object["status"]?.text
        reason = object["reason"]?.text
        timestamp = object["timestamp"]?.text
        direction = object["direction"]?.text
        caller = Side(object["caller"])
        destination = Side(object["destination"])
        let targets = object["destination"]?.object?["targets"]?.array ?? []
        self.targets = targets.prefix(Self.maximumTargets).compactMap { Side($0) }
    }

    /// Names the devices that this notification speaks of: `ringing` is sent again as further ones start.
    var devices: [String] { targets.map { $0.line ?? $0.number ?? "" }.sorted() }
}
