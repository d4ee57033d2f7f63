import Yams

/// The one YAML document of a configuration file as nodes.
///
/// Yams stops at the first mapping that has a key twice. Here every repeated key is renamed in the text, one by one,
/// until none is left, and listed in `repeatedKeys`: the reader then reports all of them along with everything else.
struct ComposedDocument {
    /// Nil: the file holds nothing but comments.
    let root: Node?
    /// The keys that were renamed: where they stand and what they were.
    let repeatedKeys: [Position: String]

    /// More repeated keys than this are not looked for.
    private static let maximumRounds = 64

    init(_ source: SourceText) throws(ConfigurationError) {
        var text = source
        var repeatedKeys: [Position: String] = [:]
        // Private use characters stand for nothing, so a name that begins with one meets no other.
        var substitutes = (0xE000...0xF8FF as ClosedRange<UInt32>).lazy.compactMap(Unicode.Scalar.init)
            .filter { !source.contains($0) }.makeIterator()
        while true {
            do {
                root = try Parser(yaml: text.string, encoding: .utf8).singleRoot()
                self.repeatedKeys = repeatedKeys
                return
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                let position = Position(context.mark)
                guard let name = names.first, repeatedKeys.count < Self.maximumRounds,
                    let shift = Self.nameShift(in: text, at: position), let substitute = substitutes.next()
                else { throw ConfigurationError(position: position, message: "this key is given twice; keep one") }
                repeatedKeys[position] = name
                text.replace(at: position, shift: shift, with: substitute)
            } catch let error as YamlError {
                throw Self.syntaxError(error, in: text)
            } catch {
                throw ConfigurationError(position: .start, message: "not YAML; check the syntax")
            }
        }
    }

    /// How far behind its position the name of a key begins; nil where it cannot be renamed by one character.
    private static func nameShift(in text: SourceText, at position: Position) -> Int? {
        guard let first = text.scalar(at: position) else { return nil }
        guard first == "\"" || first == "'" else { return "[{?!&*|>".unicodeScalars.contains(first) ? nil : 0 }
        guard let second = text.scalar(at: position, shift: 1), second != first, second != "\\" else { return nil }
        return 1
    }

    /// The parser's own words without the line of text it would print: that line may hold a secret.
    private static func syntaxError(_ error: YamlError, in text: SourceText) -> ConfigurationError {
        switch error {
        case .composer(_, let problem, let mark, _) where problem.contains("another document"):
            return ConfigurationError(
                position: Position(mark), message: "a second YAML document; a configuration file holds one")
        case .composer(_, let problem, let mark, _) where problem.contains("alias"):
            return ConfigurationError(
                position: Position(mark), message: "an alias ('*name'); write the value out, or put it in quotes")
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            if text.scalar(at: Position(mark)) == "\t" {
                return ConfigurationError(
                    position: Position(mark), message: "YAML syntax: a tab; indent with blanks")
            }
            // A list or mapping that ends with the file is told at its beginning, where the mistake is.
            if text.isOver(at: Position(mark)), let open = text.openBracket {
                return ConfigurationError(
                    position: open.position, message: "YAML syntax: nothing closes this '\(open.bracket)'")
            }
            let begun = context.map { " (\($0.text), which began at \(Position($0.mark)))" } ?? ""
            return ConfigurationError(position: Position(mark), message: "YAML syntax: \(problem)\(begun)")
        default:
            return ConfigurationError(position: .start, message: "not YAML; check the syntax")
        }
    }
}

extension Position {
    init(_ mark: Mark) {
        self.init(line: mark.line, column: mark.column)
    }
}

extension Node {
    var position: Position { mark.map(Position.init) ?? .start }
}
