/// Finds the values of fields in text of no certain form: JSON that is cut off or damaged or written with other quotes,
/// what a program prints of its tables, fields within a text.
///
/// Wherever a colon or an equals sign stands, the name is in front of it and the value behind it. What of a text is
/// read as several values is read for each kind of them (strings by their quotes, groups, words) once, so that the
/// work is proportional to the text, which anybody can send.
struct LooseTexts {
    /// Longer names are nobody's.
    private static let maximumNameLength = 64

    private let scalars: [UInt32]
    private let meanings: FieldMeanings
    /// How far groups and words were read that may hold further fields.
    private var read = 0

    static func find(in scalars: [UInt32], _ meanings: FieldMeanings, _ use: (String, FieldMeaning) -> Void) {
        var texts = LooseTexts(scalars, meanings)
        for place in scalars.indices where scalars[place] == 0x3A || scalars[place] == 0x3D {
            texts.readField(at: place, use)
        }
    }

    private init(_ scalars: [UInt32], _ meanings: FieldMeanings) {
        self.scalars = scalars
        self.meanings = meanings
    }

    private mutating func readField(at separator: Int, _ use: (String, FieldMeaning) -> Void) {
        let name = self.name(before: separator)
        guard !name.isEmpty else { return }
        let meaning = meanings[String.of(name)]
        guard meaning.isPersonal else { return }
        // PHP prints `[name] => …`.
        let isArrow = scalars[separator] == 0x3D && separator + 1 < scalars.count && scalars[separator + 1] == 0x3E
        let start = skippingBlanks(separator + (isArrow ? 2 : 1))
        guard start < scalars.count else { return }
        switch scalars[start] {
        case 0x5B: readGroup(from: start, meaning, use)
        case 0x7B: if meaning.isGroup { readGroup(from: start, meaning, use) }
        case let scalar where Self.quote(scalar) != nil:
            let (text, end) = string(from: start)
            Self.pass(text, meaning, use)
            // A quote in a text that nobody escaped ends it too early.
            if end < scalars.count, end >= read { readWords(from: end, meaning, use) }
        default: if start >= read { readWords(from: start, meaning, use) }
        }
    }

    // MARK: - Names

    private func name(before separator: Int) -> ArraySlice<UInt32> {
        let earliest = max(0, separator - Self.maximumNameLength)
        var end = separator
        while end > earliest, Self.isBlank(scalars[end - 1]) { end -= 1 }
        guard end > earliest else { return [] }
        if let quote = Self.quote(scalars[end - 1]) {
            let name = scalars[earliest..<(end - 1)]
            if let open = name.lastIndex(where: { Self.quote($0) == quote }) { return name[(open + 1)...] }
            end -= 1
        }
        let name = scalars[earliest..<end]
        // A closing bracket belongs to `caller[name]`.
        guard let before = name.lastIndex(where: { !TextTree.isWord($0) && ![0x2D, 0x2E, 0x5B, 0x5D].contains($0) })
        else { return name }
        return name[(before + 1)...]
    }

    // MARK: - Values

    /// To the closing quote, or to the end where the text is cut off.
    private func string(from start: Int) -> (text: ArraySlice<UInt32>, end: Int) {
        let quote = Self.quote(scalars[start])
        var end = start + 1
        while end < scalars.count, Self.quote(scalars[end]) != quote { end += scalars[end] == 0x5C ? 2 : 1 }
        end = min(end, scalars.count)
        return (scalars[(start + 1)..<end], min(end + 1, scalars.count))
    }

    /// Words without quotes, and whatever follows a text up to the next field.
    private mutating func readWords(from start: Int, _ meaning: FieldMeaning, _ use: (String, FieldMeaning) -> Void) {
        var place = start
        while place < scalars.count, !Self.endsWords(scalars[place]) {
            if Self.quote(scalars[place]) != nil {
                let (text, end) = string(from: place)
                Self.pass(text, meaning, use)
                place = end
            } else {
                let end = scalars[place...].firstIndex { Self.endsWords($0) || Self.quote($0) != nil } ?? scalars.count
                Self.pass(scalars[place..<end], meaning, use)
                place = end
            }
        }
        read = place
    }

    /// All values between brackets, or up to the end; of a list that has objects in it those in front of the first.
    private mutating func readGroup(from start: Int, _ meaning: FieldMeaning, _ use: (String, FieldMeaning) -> Void) {
        guard start >= read else { return }
        var place = start
        var depth = 0
        while place < scalars.count {
            switch scalars[place] {
            case 0x5B, 0x7B:
                if !meaning.isGroup, depth > 0 {
                    read = place
                    return
                }
                depth += 1
                place += 1
            case 0x5D, 0x7D:
                depth -= 1
                place += 1
                if depth == 0 {
                    read = place
                    return
                }
            case let scalar where Self.quote(scalar) != nil:
                let (text, end) = string(from: place)
                if !isName(before: end) { Self.pass(text, meaning, use) }
                place = end
            case let scalar where Self.endsWords(scalar): place += 1
            default:
                let end = scalars[place...].firstIndex { Self.endsWords($0) || Self.quote($0) != nil } ?? scalars.count
                if !isName(before: end) { Self.pass(scalars[place..<end], meaning, use) }
                place = end
            }
        }
        read = place
    }

    private func isName(before end: Int) -> Bool {
        let next = skippingBlanks(end)
        return next < scalars.count && (scalars[next] == 0x3A || scalars[next] == 0x3D)
    }

    private static func pass(_ text: ArraySlice<UInt32>, _ meaning: FieldMeaning, _ use: (String, FieldMeaning) -> Void)
    {
        var text = text
        while let first = text.first, isBlank(first) { text = text.dropFirst() }
        while let last = text.last, isBlank(last) { text = text.dropLast() }
        guard !text.isEmpty else { return }
        let raw = String.of(text)
        use(raw, meaning)
        if text.contains(0x5C) { use(WrittenText(Array(raw.utf8), .backslashes, isUTF8: true).text, meaning) }
    }

    // MARK: - Characters

    private func skippingBlanks(_ start: Int) -> Int {
        var place = start
        while place < scalars.count, Self.isBlank(scalars[place]) { place += 1 }
        return place
    }

    private static func isBlank(_ scalar: UInt32) -> Bool {
        scalar == 0x20 || (0x09...0x0D).contains(scalar) || scalar == 0xA0
    }

    /// The kind of quotes that this is one of; word processors make several of one.
    private static func quote(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0x22, 0x27: scalar
        case 0xAB, 0xBB, 0x201C...0x201F, 0x2033: 0x201C
        default: nil
        }
    }

    /// `, ; & < > | : = { } [ ]` and the end of a line.
    private static func endsWords(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x0A, 0x0D, 0x26, 0x2C, 0x3A...0x3E, 0x5B, 0x5D, 0x7B...0x7D: true
        default: false
        }
    }
}
