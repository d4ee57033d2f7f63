import Foundation

/// Checks lines of the stream against `docs/events.schema.json`, so that the document and the daemon cannot part.
///
/// Understands the keywords that the document uses, and refuses a document with others: a keyword that is not checked
/// would be a check that is skipped. The document is compiled once: the tests hold a hundred thousand lines against it.
package struct StreamSchema: Sendable {
    private let root: SchemaRule
    /// What rules refer to by their place in here, because they may refer to themselves.
    private let definitions: [SchemaRule]

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
        let compiler = try SchemaCompiler(JSONSerialization.jsonObject(with: document))
        root = try compiler.root()
        definitions = try compiler.definitions()
    }

    /// What is wrong with a line; empty where it is as documented.
    package func violations(in line: some Sequence<UInt8>) -> [String] {
        let bytes = Array(line)
        guard bytes.last == UInt8(ascii: "\n"), bytes.dropLast().allSatisfy({ $0 != UInt8(ascii: "\n") }) else {
            return ["not one line with a line break at its end"]
        }
        guard bytes.count <= 65_536 else { return ["longer than 64 KiB"] }
        guard let json = try? JSONSerialization.jsonObject(with: Data(bytes)) else { return ["not JSON"] }
        var found: [String] = []
        check(SchemaValue(json), root, at: "$", &found)
        return found
    }

    private func check(
        _ value: SchemaValue, _ rule: SchemaRule, at path: @autoclosure () -> String, _ found: inout [String]
    ) {
        for part in rule.parts {
            switch (part, value) {
            case (.reference(let index), _): check(value, definitions[index], at: path(), &found)
            case (.type(let type), _) where !type.holds(value):
                found.append("\(path()): not of type \(type.rawValue)")
            case (.const(let wanted), _) where value != wanted: found.append("\(path()): not \(wanted)")
            case (.enumeration(let allowed), _) where !allowed.contains(value):
                found.append("\(path()): \(value) is none of the values")
            case (.pattern(let pattern), .text(let text)) where !pattern.fits(text):
                found.append("\(path()): \(text) does not fit \(pattern.text)")
            case (.minimum(let limit), .number(let number)) where number < limit:
                found.append("\(path()): below \(SchemaValue.number(limit))")
            case (.maximum(let limit), .number(let number)) where number > limit:
                found.append("\(path()): above \(SchemaValue.number(limit))")
            case (.maximumLength(let limit), .text(let text)) where text.count > limit:
                found.append("\(path()): longer than \(limit)")
            case (.required(let names), .object(let object)):
                for name in names where object[name] == nil { found.append("\(path()): \(name) is missing") }
            case (.properties(let properties), .object(let object)):
                for (name, inner) in properties {
                    if let member = object[name] { check(member, inner, at: "\(path()).\(name)", &found) }
                }
            case (.onlyProperties(let known), .object(let object)):
                for name in object.keys.sorted() where !known.contains(name) {
                    found.append("\(path()): \(name) is unknown")
                }
            case (.items(let inner), .array(let items)):
                for (index, item) in items.enumerated() { check(item, inner, at: "\(path())[\(index)]", &found) }
            case (.all(let rules), _): for inner in rules { check(value, inner, at: path(), &found) }
            case (.any(let rules), _) where !rules.contains(where: { fits(value, $0) }):
                found.append("\(path()): fits none of the alternatives")
            case (.not(let inner, let text), _) where fits(value, inner):
                found.append("\(path()): has what it must not have: \(text)")
            case (.condition(let condition, let then, let otherwise), _):
                if let next = fits(value, condition) ? then : otherwise { check(value, next, at: path(), &found) }
            default: continue
            }
        }
    }

    private func fits(_ value: SchemaValue, _ rule: SchemaRule) -> Bool {
        var found: [String] = []
        check(value, rule, at: "", &found)
        return found.isEmpty
    }
}
