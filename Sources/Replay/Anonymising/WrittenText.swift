/// Bytes read in the same notations from one end to the other, so that each place has one reading: whoever sends a
/// thousand backslashes would otherwise send twice as many readings with each.
struct WrittenText {
    private(set) var scalars: [UInt32] = []
    /// Where each scalar begins in the bytes, and behind them the end.
    private(set) var starts: [Int] = []
    /// Whether there are bytes beyond ASCII, which the other charset reads in another way.
    private var isWide = false

    init(_ bytes: [UInt8], _ notations: WrittenScalars.Notations, isUTF8: Bool) {
        scalars.reserveCapacity(bytes.count)
        starts.reserveCapacity(bytes.count + 1)
        var index = 0
        while index < bytes.count {
            let (scalar, length) = WrittenScalars.reading(bytes, index, notations, isUTF8: isUTF8)
            scalars.append(scalar)
            starts.append(index)
            isWide = isWide || scalar >= 0x80 && ![UInt8(ascii: "\\"), UInt8(ascii: "&")].contains(bytes[index])
            index += length
        }
        starts.append(bytes.count)
    }

    var text: String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars.lazy.compactMap { Unicode.Scalar($0) })
        return String(text)
    }

    /// Those that may occur.
    static func notations(in bytes: [UInt8]) -> WrittenScalars.Notations {
        var notations: WrittenScalars.Notations = []
        if bytes.contains(UInt8(ascii: "\\")) { notations.insert(.backslashes) }
        if bytes.contains(UInt8(ascii: "%")) { notations.insert(.percents) }
        if bytes.contains(UInt8(ascii: "&")) { notations.insert(.references) }
        return notations
    }

    /// Every reading that makes a difference, ten at most: as it stands, in each notation that occurs, and in all of
    /// them, each as UTF-8 and as Windows-1252. One after the other, as each takes more room than the bytes.
    static func readings(of bytes: [UInt8], _ use: (WrittenText) -> Void) {
        let every = notations(in: bytes)
        let occurring = [.backslashes, .percents, .references].filter(every.contains)
        let all = occurring.count > 1 ? [every] : []
        for notations in [[]] + occurring + all {
            let text = WrittenText(bytes, notations, isUTF8: true)
            use(text)
            if text.isWide { use(WrittenText(bytes, notations, isUTF8: false)) }
        }
    }
}
