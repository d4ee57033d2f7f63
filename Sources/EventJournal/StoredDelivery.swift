import CallModel
import FoundationEssentials
import GRDB

/// A raw delivery as a row of the journal.
enum StoredDelivery {
    static let columns = "id, observed, source, kind, unparsed, attributes, body"

    /// The attributes as one JSON object, in the order of their names; nil where there are none.
    static func encode(_ attributes: [String: String]) -> [UInt8]? {
        guard !attributes.isEmpty else { return nil }
        var json = JSONWriter()
        json.object { json in
            for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
                json.field(named: name, value)
            }
        }
        return json.bytes
    }

    /// Reads a row of `columns`.
    static func delivery(_ row: Row) throws -> (delivery: Delivery, unparsed: Bool) {
        guard let source = SourceName(try row.text(at: 2)) else { throw Row.damage(2) }
        guard let kind = Delivery.Kind(rawValue: try row.text(at: 3)) else { throw Row.damage(3) }
        var attributes: [String: String] = [:]
        if let json = row[5] as Data? {
            guard let decoded = try? JSONDecoder().decode([String: String].self, from: json) else {
                throw Row.damage(5)
            }
            attributes = decoded
        }
        let delivery = Delivery(
            source: source, observed: Timestamp(milliseconds: try row.number(at: 1)), kind: kind,
            body: try row.bytes(at: 6), attributes: attributes
        )
        return (delivery, try row.number(at: 4) != 0)
    }
}
