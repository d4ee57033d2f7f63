import Providers

/// Reads the fields of JSON that a reader understands in the order in which they stand, because a name that is repeated
/// has several values, of which a reader keeps one. Each scalar is looked at once.
struct JSONTexts {
    private struct Level {
        let isList: Bool
        /// Of the values of a list, and of whatever is in an object that is all about a person.
        let meaning: FieldMeaning?
        /// Of what is in an object about a person, in fields that do not say what they are.
        var person: FieldMeaning?
        /// Of the field's value that stands beside its name, each a member.
        var named: FieldMeaning?
        /// What named it, which is a text like any other where no value stands beside it.
        var naming: (text: String, meaning: FieldMeaning)?
    }

    private let scalars: [UInt32]
    private var place = 0
    private var levels: [Level] = []
    /// Of the field whose value is next.
    private var field: FieldMeaning?

    private static let nothing = FieldMeaning("")

    private let meanings: FieldMeanings

    private init(_ text: String, _ meanings: FieldMeanings) {
        scalars = text.unicodeScalars.map(\.value)
        self.meanings = meanings
    }

    static func find(in text: String, _ meanings: FieldMeanings, _ use: (String, FieldMeaning) -> Void) {
        var texts = JSONTexts(text, meanings)
        texts.read(use)
    }

    private var meaning: FieldMeaning? {
        guard let level = levels.last else { return nil }
        if let meaning = level.meaning { return meaning }
        let own = field?.isValue == true ? level.named ?? field : field
        return own?.isPersonal == true ? own : level.person ?? own
    }

    private mutating func read(_ use: (String, FieldMeaning) -> Void) {
        while place < scalars.count {
            switch scalars[place] {
            case 0x22:
                let text = takeString()
                if let level = levels.last, !level.isList, field == nil {
                    field = meanings.meaning(ofField: text)
                } else if field?.namesValue == true, levels.last?.meaning == nil, meanings[text].isPersonal {
                    levels[levels.count - 1].named = meanings[text]
                    levels[levels.count - 1].naming = meaning.map { (text, $0) }
                } else {
                    if field?.isValue == true, !levels.isEmpty { levels[levels.count - 1].naming = nil }
                    use(text, meaning ?? Self.nothing)
                }
            case 0x5B:
                levels.append(Level(isList: true, meaning: meaning))
                place += 1
            case 0x7B:
                // A group of fields may have the name of one of them.
                let about = meaning
                levels.append(
                    Level(
                        isList: false, meaning: about?.isGroup == true ? about : nil,
                        person: about?.isPerson == true ? about : nil))
                (field, place) = (nil, place + 1)
            case 0x5D, 0x7D:
                if let naming = levels.popLast()?.naming { use(naming.text, naming.meaning) }
                place += 1
            case 0x2C:
                (field, place) = (nil, place + 1)
            case 0x3A, 0x20, 0x09, 0x0A, 0x0D: place += 1
            default:
                let text = takeWord()
                // A number; another word is none of anybody's.
                if let meaning, !text.contains(where: \.isLetter) { use(text, meaning) }
            }
        }
    }

    private mutating func takeString() -> String {
        let start = place + 1
        var end = start
        while end < scalars.count, scalars[end] != 0x22 { end += scalars[end] == 0x5C ? 2 : 1 }
        end = min(end, scalars.count)
        place = end + 1
        let raw = String.of(scalars[start..<end])
        return raw.utf8.contains(0x5C) ? WrittenText(Array(raw.utf8), .backslashes, isUTF8: true).text : raw
    }

    private mutating func takeWord() -> String {
        let start = place
        while place < scalars.count, ![0x22, 0x2C, 0x3A, 0x5B, 0x5D, 0x7B, 0x7D].contains(scalars[place]) { place += 1 }
        return String.of(scalars[start..<place])
    }
}

extension String {
    static func of(_ scalars: ArraySlice<UInt32>) -> String {
        var text = UnicodeScalarView()
        text.append(contentsOf: scalars.lazy.compactMap { Unicode.Scalar($0) })
        return String(text)
    }
}
