import Yams

/// The one YAML document of a configuration file as nodes, without what a configuration must not have.
///
/// Yams stops at the first mapping that has a key twice and at the first alias of nothing, and puts the value of an
/// anchor in place of each of its aliases. Here every repeated key is renamed in the text, every anchor taken out of it
/// and every alias made a plain word, one by one, until none is left: the reader then finds all the rest.
struct ComposedDocument {
    /// Why a file cannot be read as YAML, behind what was found up to there.
    struct Faults: Error {
        let errors: [ConfigurationError]
    }

    /// Nil: the file holds nothing but comments.
    private(set) var root: Node?
    /// The keys that were renamed: where they stand and what they were.
    private(set) var renamedKeys: [Position: String] = [:]
    /// Anchors, aliases and tags.
    private(set) var faults: [ConfigurationError] = []
    /// Where nodes are that say nothing: aliases, and what has a tag.
    private(set) var unreadable: Set<Position> = []

    /// More repeated keys and aliases than this are not looked for.
    private static let maximumRounds = 64

    init(_ source: SourceText) throws(Faults) {
        var text = source
        // Private use characters stand for nothing, so a name that begins with one meets no other.
        var substitutes = (0xE000...0xF8FF as ClosedRange<UInt32>).lazy.compactMap(Unicode.Scalar.init)
            .filter { !source.contains($0) }.makeIterator()
        var rounds = 0
        while true {
            do {
                let composed = try Parser(yaml: text.string, encoding: .utf8).singleRoot()
                let marks = NodeMarks(composed, in: text, leaving: unreadable)
                guard marks.anchors.isEmpty else {
                    for anchor in marks.anchors { remove(anchor, from: &text, &substitutes) }
                    continue
                }
                for position in marks.tags {
                    report("a tag ('!name'); tags are not read, leave it out or put the text in quotes", at: position)
                    unreadable.insert(position)
                }
                root = composed
                return
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                let position = Position(context.mark)
                rounds += 1
                if text.anchorLength(at: position) > 0, !unreadable.contains(position) {
                    remove(.init(position: position, key: names.first ?? ""), from: &text, &substitutes)
                    continue
                }
                guard let name = names.first, rounds <= Self.maximumRounds,
                    let shift = Self.nameShift(in: text, at: position), let substitute = substitutes.next()
                else {
                    throw failure(
                        ConfigurationError(position: position, message: "this key is given twice; keep one"))
                }
                renamedKeys[position] = name
                text.replace(at: position, shift: shift, with: substitute)
            } catch YamlError.composer(_, let problem, let mark, _) where problem.contains("alias") {
                let position = Position(mark)
                rounds += 1
                report("an alias ('*name'); write the value out, or put it in quotes", at: position)
                guard rounds <= Self.maximumRounds, text.scalar(at: position) == "*",
                    let substitute = substitutes.next()
                else { throw Faults(errors: faults) }
                unreadable.insert(position)
                text.replace(at: position, shift: 0, with: substitute)
            } catch let error as YamlError {
                throw failure(Self.syntaxError(error, in: text))
            } catch {
                throw failure(ConfigurationError(position: .start, message: "not YAML; check the syntax"))
            }
        }
    }

    private mutating func report(_ message: String, at position: Position) {
        faults.append(ConfigurationError(position: position, message: message))
    }

    private func failure(_ error: ConfigurationError) -> Faults { Faults(errors: faults + [error]) }

    /// Its aliases are aliases of nothing then.
    private mutating func remove(
        _ anchor: NodeMarks.Anchor, from text: inout SourceText,
        _ substitutes: inout some IteratorProtocol<Unicode.Scalar>
    ) {
        report("an anchor ('&name'); aliases are not read, write the value out", at: anchor.position)
        let length = text.anchorLength(at: anchor.position)
        guard let name = anchor.key else {
            for shift in 0..<length { text.replace(at: anchor.position, shift: shift, with: " ") }
            return
        }
        // Blanks would indent the key further than its mapping is: the anchor becomes the beginning of its name.
        let blanks = text.blanks(at: anchor.position, shift: length)
        let first = text.scalar(at: anchor.position, shift: length + blanks)
        guard let first, !"|>[{!\n\r".unicodeScalars.contains(first), let substitute = substitutes.next() else {
            unreadable.insert(anchor.position)
            return
        }
        renamedKeys[anchor.position] = name
        for shift in 0..<(length + blanks) { text.replace(at: anchor.position, shift: shift, with: substitute) }
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
