/// The text of the configuration file, addressed by line and column.
///
/// YAML's own nodes do not tell an anchor or a tag from a plain value, nor how to rename a key; the character at a
/// node's position does.
struct SourceText {
    private var scalars: [Unicode.Scalar]
    private let lineStarts: [Int]

    /// Why bytes are no text: the place of the first bad one.
    struct Malformed: Error {
        let position: Position
        let message: String
    }

    init(_ bytes: some Sequence<UInt8>) throws(Malformed) {
        var scalars: [Unicode.Scalar] = []
        var lineStarts = [0]
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var problem: String?
        decoding: while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar):
                if scalars.isEmpty, lineStarts.count == 1, scalar.value == 0xFEFF { continue }
                guard Self.isAllowed(scalar) else {
                    problem = "a control character; YAML allows none here"
                    break decoding
                }
                if Self.isLineBreak(scalar) {
                    // The line feed of a CR LF belongs to the line that the CR ended.
                    if scalar == "\n", scalars.last == "\r" {
                        lineStarts[lineStarts.count - 1] += 1
                    } else {
                        lineStarts.append(scalars.count + 1)
                    }
                }
                scalars.append(scalar)
            case .emptyInput:
                break decoding
            case .error:
                problem = "not UTF-8; save the file in that encoding"
                break decoding
            }
        }
        if let problem {
            let column = scalars.count - (lineStarts.last ?? 0) + 1
            throw Malformed(position: Position(line: lineStarts.count, column: column), message: problem)
        }
        self.scalars = scalars
        self.lineStarts = lineStarts
    }

    var string: String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    /// The character at `position`, or `shift` characters behind it.
    func scalar(at position: Position, shift: Int = 0) -> Unicode.Scalar? {
        offset(of: position).flatMap { scalars.indices.contains($0 + shift) ? scalars[$0 + shift] : nil }
    }

    /// Puts another character in place of one, so that every other position stays as it is.
    mutating func replace(at position: Position, shift: Int, with scalar: Unicode.Scalar) {
        guard let offset = offset(of: position), scalars.indices.contains(offset + shift) else { return }
        scalars[offset + shift] = scalar
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool { scalars.contains(scalar) }

    /// How long the anchor at `position` is, with its `&`; 0 where there is none. Its name is what libyaml takes for
    /// one.
    func anchorLength(at position: Position) -> Int {
        guard scalar(at: position) == "&" else { return 0 }
        var length = 1
        while let next = scalar(at: position, shift: length), next.isASCII,
            next.properties.isAlphabetic || (0x30...0x39).contains(next.value) || next == "_" || next == "-"
        {
            length += 1
        }
        return length
    }

    /// How many blanks follow.
    func blanks(at position: Position, shift: Int) -> Int {
        var count = 0
        while scalar(at: position, shift: shift + count) == " " { count += 1 }
        return count
    }

    /// Whether nothing but blanks and line breaks follows.
    func isOver(at position: Position) -> Bool {
        guard let offset = offset(of: position) else { return true }
        return scalars.dropFirst(offset).allSatisfy { $0 == " " || Self.isLineBreak($0) }
    }

    /// The innermost bracket of a list or mapping that nothing closes. Quoted texts and comments are passed over; a
    /// bracket or quote in the middle of a plain text is part of it.
    var openBracket: (position: Position, bracket: Unicode.Scalar)? {
        var open: [Int] = []
        var quote: Unicode.Scalar?
        var isComment = false
        var isEscaped = false
        // The last one that is no blank: after these a value begins.
        var before: Unicode.Scalar = "\n"
        for (offset, scalar) in scalars.enumerated() {
            if isComment {
                isComment = !Self.isLineBreak(scalar)
            } else if let end = quote {
                if scalar == end, !isEscaped { quote = nil }
                isEscaped = end == "\"" && scalar == "\\" && !isEscaped
            } else {
                let begins = Self.isLineBreak(before) || ":-,[{?".unicodeScalars.contains(before)
                switch scalar {
                case "#" where offset == 0 || [" ", "\n"].contains(scalars[offset - 1]): isComment = true
                case "'", "\"": if begins { quote = scalar }
                case "[", "{": if begins || !open.isEmpty { open.append(offset) }
                case "]", "}": _ = open.popLast()
                default: break
                }
            }
            if scalar != " " { before = scalar }
        }
        guard quote == nil, let offset = open.last else { return nil }
        let line = (lineStarts.lastIndex { $0 <= offset } ?? 0)
        return (Position(line: line + 1, column: offset - lineStarts[line] + 1), scalars[offset])
    }

    private func offset(of position: Position) -> Int? {
        guard (1...lineStarts.count).contains(position.line), position.column >= 1 else { return nil }
        return lineStarts[position.line - 1] + position.column - 1
    }

    /// YAML 1.1, section 5.4.
    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        [0x0A, 0x0D, 0x85, 0x2028, 0x2029].contains(scalar.value)
    }

    /// YAML 1.1, section 5.1, without the byte order mark in the middle of a text.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
            0x10000...0x10FFFF:
            true
        default: false
        }
    }
}
