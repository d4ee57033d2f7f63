import Foundation

/// Makes rules of a schema document. A keyword that is not known, or does not hold what it should, is an error.
struct SchemaCompiler {
    enum Fault: Error {
        case notAnObject
        case unknownKeyword(String)
        case unexpectedValue(keyword: String)
        case unknownReference(String)
    }

    private typealias Schema = [String: Any]

    private let document: [String: Any]
    private let names: [String]

    init(_ json: Any) throws {
        guard let document = json as? [String: Any] else { throw Fault.notAnObject }
        self.document = document
        names = (document["$defs"] as? [String: Any] ?? [:]).keys.sorted()
    }

    func root() throws -> SchemaRule { try rule(document) }

    /// In the order to which references point.
    func definitions() throws -> [SchemaRule] {
        let all = document["$defs"] as? [String: Any] ?? [:]
        return try names.map { try rule(all[$0] as Any) }
    }

    private func rule(_ json: Any) throws -> SchemaRule {
        guard let schema = json as? Schema else { throw Fault.notAnObject }
        var rule = SchemaRule()
        // In one order, so that violations come in one order.
        for keyword in schema.keys.sorted() {
            if let part = try part(keyword, schema) { rule.parts.append(part) }
        }
        return rule
    }

    private func part(_ keyword: String, _ schema: Schema) throws -> SchemaRule.Part? {
        func value<Value>(_ type: Value.Type = Value.self) throws -> Value {
            guard let value = schema[keyword] as? Value else { throw Fault.unexpectedValue(keyword: keyword) }
            return value
        }
        switch keyword {
        case "$schema", "$id", "title", "description", "$defs": return nil
        case "$ref":
            let reference: String = try value()
            guard let index = names.firstIndex(where: { "#/$defs/\($0)" == reference }) else {
                throw Fault.unknownReference(reference)
            }
            return .reference(index)
        case "type":
            guard let type = SchemaRule.ValueType(rawValue: try value()) else {
                throw Fault.unexpectedValue(keyword: keyword)
            }
            return .type(type)
        case "const": return .const(SchemaValue(try value(Any.self)))
        case "enum": return .enumeration(Set(try value([Any].self).map(SchemaValue.init)))
        case "pattern": return .pattern(try SchemaRule.Pattern(try value()))
        case "minimum": return .minimum(try value(NSNumber.self).doubleValue)
        case "maximum": return .maximum(try value(NSNumber.self).doubleValue)
        case "maxLength": return .maximumLength(try value())
        case "required": return .required(try value())
        case "properties":
            let properties: Schema = try value()
            return .properties(try properties.keys.sorted().map { ($0, try rule(properties[$0] as Any)) })
        case "additionalProperties":
            guard try value(Bool.self) == false else { throw Fault.unexpectedValue(keyword: keyword) }
            return .onlyProperties(Set((schema["properties"] as? Schema ?? [:]).keys))
        case "items": return .items(try rule(try value(Any.self)))
        case "allOf": return .all(try value([Any].self).map(rule))
        case "anyOf": return .any(try value([Any].self).map(rule))
        case "not": return .not(try rule(try value(Any.self)), text: "\(SchemaValue(try value(Any.self)))")
        case "if":
            return .condition(
                try rule(try value(Any.self)), then: try schema["then"].map(rule),
                otherwise: try schema["else"].map(rule))
        // Part of `if`.
        case "then", "else": return nil
        default: throw Fault.unknownKeyword(keyword)
        }
    }
}
