import Foundation

/// Checks lines of the stream against `docs/events.schema.json`, so that the document and the daemon cannot part.
///
/// Understands the keywords that the document uses, and refuses a document with others: a keyword that is not checked
/// would be a check that is skipped.
package struct StreamSchema: Sendable {
    private let root: Schema

    /// The document of this checkout.
    package static let events: StreamSchema = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../docs/events.schema.json").standardizedFileURL
        do {
            return try StreamSchema(Data(contentsOf: file))
        } catch {
            fatalError("\(file.path()): \(error)")
        }
    }()

    init(_ document: Data) throws {
        root = try Schema(JSONSerialization.jsonObject(with: document))
    }

    /// What is wrong with a line; empty where it is as documented.
    package func violations(in line: some Sequence<UInt8>) -> [String] {
        let bytes = Array(line)
        guard bytes.last == UInt8(ascii: "\n"), bytes.dropLast().allSatisfy({ $0 != UInt8(ascii: "\n") }) else {
            return ["not one line with a line break at its end"]
        }
        guard bytes.count <= 65_536 else { return ["longer than 64 KiB"] }
        guard let value = try? JSONSerialization.jsonObject(with: Data(bytes)) else { return ["not JSON"] }
        var found: [String] = []
        check(value, root.object, at: "$", &found)
        return found
    }

    private func check(_ value: Any, _ schema: [String: Any], at path: String, _ found: inout [String]) {
        for (keyword, rule) in schema {
            switch (keyword, rule) {
            case ("$ref", let reference as String): check(value, resolve(reference), at: path, &found)
            case ("type", let type as String) where !Self.is(value, type): found.append("\(path): not of type \(type)")
            case ("const", _) where !Self.equal(value, rule): found.append("\(path): not \(rule)")
            case ("enum", let allowed as [Any]) where !allowed.contains(where: { Self.equal(value, $0) }):
                found.append("\(path): \(value) is none of the values")
            case ("pattern", let pattern as String):
                guard let text = value as? String else { continue }
                if text.range(of: pattern, options: .regularExpression) == nil {
                    found.append("\(path): \(text) does not fit \(pattern)")
                }
            case ("minimum", let limit as NSNumber):
                if let number = value as? NSNumber, number.int64Value < limit.int64Value {
                    found.append("\(path): below \(limit)")
                }
            case ("maximum", let limit as NSNumber):
                if let number = value as? NSNumber, number.int64Value > limit.int64Value {
                    found.append("\(path): above \(limit)")
                }
            case ("maxLength", let limit as Int):
                if let text = value as? String, text.count > limit { found.append("\(path): longer than \(limit)") }
            case ("required", let names as [String]):
                guard let object = value as? [String: Any] else { continue }
                for name in names where object[name] == nil { found.append("\(path): \(name) is missing") }
            case ("properties", let properties as [String: [String: Any]]):
                guard let object = value as? [String: Any] else { continue }
                for (name, inner) in properties {
                    if let member = object[name] { check(member, inner, at: "\(path).\(name)", &found) }
                }
            case ("additionalProperties", _):
                guard let object = value as? [String: Any] else { continue }
                let known = schema["properties"] as? [String: Any] ?? [:]
                for name in object.keys.sorted() where known[name] == nil {
                    found.append("\(path): \(name) is unknown")
                }
            case ("items", let inner as [String: Any]):
                for (index, item) in (value as? [Any] ?? []).enumerated() {
                    check(item, inner, at: "\(path)[\(index)]", &found)
                }
            case ("allOf", let parts as [[String: Any]]):
                for part in parts { check(value, part, at: path, &found) }
            case ("anyOf", let parts as [[String: Any]]) where !parts.contains(where: { fits(value, $0) }):
                found.append("\(path): fits none of the alternatives")
            case ("not", let inner as [String: Any]) where fits(value, inner):
                found.append("\(path): has what it must not have: \(inner)")
            case ("if", let condition as [String: Any]):
                let branch = fits(value, condition) ? "then" : "else"
                if let next = schema[branch] as? [String: Any] { check(value, next, at: path, &found) }
            default: continue
            }
        }
    }

    private func fits(_ value: Any, _ schema: [String: Any]) -> Bool {
        var found: [String] = []
        check(value, schema, at: "", &found)
        return found.isEmpty
    }

    private func resolve(_ reference: String) -> [String: Any] {
        let name = String(reference.dropFirst("#/$defs/".count))
        return (root.object["$defs"] as? [String: [String: Any]])?[name] ?? ["not": [String: Any]()]
    }

    private static func `is`(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        // JSONSerialization makes an NSNumber of each: an integer is one whose text has no fraction.
        case "integer": (value as? NSNumber).map { Double($0.int64Value) == $0.doubleValue } ?? false
        default: false
        }
    }

    private static func equal(_ one: Any, _ other: Any) -> Bool {
        (one as? NSObject)?.isEqual(other) ?? false || "\(one)" == "\(other)"
    }
}

/// The document, checked to hold no keyword that is not understood.
private struct Schema: @unchecked Sendable {
    // Only read, and made of nothing but immutable JSON values.
    let object: [String: Any]

    private static let known: Set<String> = [
        "$schema", "$id", "title", "description", "$defs", "$ref", "type", "const", "enum", "pattern", "minimum",
        "maximum", "maxLength", "required", "properties", "additionalProperties", "items", "allOf", "anyOf", "not",
        "if", "then", "else",
    ]

    struct UnknownKeyword: Error {
        let keyword: String
    }

    init(_ json: Any) throws {
        object = json as? [String: Any] ?? [:]
        try Self.check(object)
    }

    private static func check(_ schema: [String: Any]) throws {
        for (keyword, rule) in schema {
            guard known.contains(keyword) else { throw UnknownKeyword(keyword: keyword) }
            switch keyword {
            case "properties", "$defs":
                for inner in (rule as? [String: [String: Any]] ?? [:]).values { try check(inner) }
            case "items", "not", "if", "then", "else": try check(rule as? [String: Any] ?? [:])
            case "allOf", "anyOf": for inner in rule as? [[String: Any]] ?? [] { try check(inner) }
            default: continue
            }
        }
    }
}
