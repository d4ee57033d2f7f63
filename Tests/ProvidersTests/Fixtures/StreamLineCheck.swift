import CallModel

/// What `docs/events.md` says about every line, whatever the call: its form, its fields and their order.
enum StreamLineCheck {
    /// What is wrong with a line; nil where nothing is.
    static func fault(in line: String) -> String? {
        guard line.utf8.count <= 64 << 10 else { return "longer than 64 KiB" }
        guard line.hasSuffix("\n"), !line.dropLast().contains("\n") else { return "not one line" }
        guard let json = OrderedJSON(line.dropLast()) else { return "not JSON, or JSON the stream must not hold" }
        let envelope = [
            "specversion", "id", "source", "type", "subject", "time?", "observed", "seq", "epoch", "data",
        ]
        if let fault = fault(in: json, "the envelope", envelope) { return fault }
        guard json["specversion"] == .string("1.0") else { return "specversion" }
        for name in ["time", "observed"] {
            if let time = json[name], !isTime(time) { return "\(name) is no RFC 3339 in UTC with milliseconds" }
        }
        guard let type = json["type"]?.string.flatMap(EventType.init(rawValue:)) else { return "unknown type" }
        guard let data = json["data"] else { return "no data" }
        return switch type.rawValue.split(separator: ".").first {
        case "call"?: call(data, type)
        case "queue"? where type == .queueCount:
            fault(in: data, "data", ["queue", "waiting", "basis", "provider?"])
        case "queue"?:
            fault(in: data, "data", ["call?", "remote?", "queue", "outcome?", "cause?", "basis", "provider?"])
        case "message"?: message(data, type)
        case "line"?: fault(in: data, "data", ["line", "basis", "provider?"])
        case "source"? where type == .sourceUnparsed: fault(in: data, "data", ["kind", "detail", "count"])
        case "source"?: fault(in: data, "data", ["reason", "from?", "to?"])
        default: "a type of which nothing is documented"
        }
    }

    private static func message(_ data: OrderedJSON, _ type: EventType) -> String? {
        let order =
            ["medium"] + (type == .messageStatus ? ["status"] : []) + ["direction", "remote?", "local?"]
            + (type == .messageReceived ? ["text?", "keyword?", "reply_to?"] : [])
            + ["reference?", "campaign?", "size?", "pages?", "duration_ms?", "cause?", "basis", "provider?"]
        if let fault = fault(in: data, "data", order) { return fault }
        let direction: Direction = type == .messageStatus ? .outbound : .inbound
        return data["direction"]?.string == direction.rawValue ? nil : "direction"
    }

    private static func call(_ data: OrderedJSON, _ type: EventType) -> String? {
        let order = [
            "state", "stale?", "direction", "remote?", "local?", "session?", "legs?", "dialed?", "diverted_by?",
            "answered_by?",
            "queue?", "transfer?", "reference?", "campaign?", "times", "ring_ms?", "talk_ms?", "wait_ms?", "outcome?",
            "cause?", "basis", "why?",
            "corrects?", "provider?",
        ]
        if let fault = fault(in: data, "data", order) { return fault }
        for name in ["remote", "local", "dialed", "diverted_by"] {
            guard let party = data[name] else { continue }
            if let fault = fault(in: party, name, ["number?", "raw?", "kind", "name?", "line?"]) { return fault }
            if let number = party["number"]?.string {
                let digits = number.dropFirst()
                guard number.first == "+", (7...15).contains(digits.count), digits.allSatisfy(\.isNumber) else {
                    return "\(name).number is no E.164"
                }
            }
        }
        if let times = data["times"] {
            if let fault = fault(in: times, "times", ["started?", "ringing?", "connected?", "ended?"]) { return fault }
            if times.fields?.allSatisfy({ isTime($0.1) }) != true { return "times" }
        }
        if let cause = data["cause"], let fault = fault(in: cause, "cause", ["code?", "by", "raw?"]) { return fault }
        if let queue = data["queue"], let fault = fault(in: queue, "queue", ["name", "agent?", "wait_ms?"]) {
            return fault
        }
        for name in ["ring_ms", "talk_ms", "wait_ms"] {
            if case .integer(let value)? = data[name], value < 0 { return "\(name) is negative" }
        }
        guard let state = data["state"]?.string.flatMap(CallState.init(rawValue:)) else { return "unknown state" }
        let isOver = type == .callEnded || type == .callSummary || (type == .callCorrected && state == .ended)
        guard isOver == (data["outcome"] != nil) else { return "an outcome where none belongs, or none" }
        if !isOver, data["ring_ms"] != nil || data["talk_ms"] != nil || data["wait_ms"] != nil { return "a duration" }
        if isOver, state != .ended { return "ended in the state \(state)" }
        guard (data["basis"] == .string("inferred")) == (data["why"] != nil) else { return "basis without its why" }
        guard (type == .callCorrected) == (data["corrects"] != nil) else { return "corrects" }
        return nil
    }

    /// Whether the fields are the given ones in the given order; a name with `?` may be absent.
    private static func fault(in object: OrderedJSON, _ what: String, _ order: [String]) -> String? {
        guard let fields = object.fields else { return "\(what) is no object" }
        var names = fields.map(\.0)[...]
        for entry in order {
            let isOptional = entry.hasSuffix("?")
            let name = isOptional ? String(entry.dropLast()) : entry
            if names.first == name {
                names = names.dropFirst()
            } else if !isOptional {
                return "\(what) has no \(name) where it belongs"
            }
        }
        return names.isEmpty ? nil : "\(what) has \(names.joined(separator: ", ")) in the wrong place"
    }

    private static func isTime(_ value: OrderedJSON) -> Bool {
        guard let text = value.string, text.utf8.count == 24, text.hasSuffix("Z") else { return false }
        return Timestamp(rfc3339: text)?.description == text
    }
}
