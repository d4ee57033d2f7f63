import CallModel
import Providers

extension JSONValue {
    /// The value as JSON text, the members of objects in the order of their names.
    var sortedBytes: [UInt8] {
        var json = JSONWriter()
        write(to: &json)
        return json.bytes
    }

    private func write(to json: inout JSONWriter) {
        switch self {
        case .string(let text): json.string(text)
        case .integer(let value): json.number(value)
        case .double(let value): json.raw(String(value).utf8)
        case .bool(let value): json.raw(String(value).utf8)
        case .null: json.raw("null".utf8)
        case .array(let items): json.array { json in items.forEach { $0.write(to: &json) } }
        case .object(let fields):
            json.object { json in
                for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
                    // A member's name, then its value as it is.
                    var member = JSONWriter()
                    member.string(name)
                    json.raw(member.bytes + [UInt8(ascii: ":")] + value.sortedBytes)
                }
            }
        }
    }
}
