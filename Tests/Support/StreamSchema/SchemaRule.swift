import Foundation

/// A schema, ready to be held against values.
struct SchemaRule: Sendable {
    enum ValueType: String, Sendable {
        case object, array, string, integer

        func holds(_ value: SchemaValue) -> Bool {
            switch (self, value) {
            case (.object, .object), (.array, .array), (.string, .text): true
            case (.integer, .number(let number)): number.rounded() == number
            default: false
            }
        }
    }

    struct Pattern: Sendable {
        let text: String
        private let expression: NSRegularExpression

        init(_ text: String) throws {
            self.text = text
            expression = try NSRegularExpression(pattern: text)
        }

        /// Somewhere in it: a pattern that means the whole says so.
        func fits(_ value: String) -> Bool {
            expression.firstMatch(in: value, range: NSRange(location: 0, length: value.utf16.count)) != nil
        }
    }

    indirect enum Part: Sendable {
        /// The place of a definition.
        case reference(Int)
        case type(ValueType)
        case const(SchemaValue)
        case enumeration(Set<SchemaValue>)
        case pattern(Pattern)
        case minimum(Double)
        case maximum(Double)
        case maximumLength(Int)
        case required([String])
        case properties([(name: String, rule: SchemaRule)])
        /// `additionalProperties: false`
        case onlyProperties(Set<String>)
        case items(SchemaRule)
        case all([SchemaRule])
        case any([SchemaRule])
        /// The text: what it says, for whoever reads the violation.
        case not(SchemaRule, text: String)
        case condition(SchemaRule, then: SchemaRule?, otherwise: SchemaRule?)
    }

    var parts: [Part] = []
}
