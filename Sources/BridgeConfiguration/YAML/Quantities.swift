import CallModel

/// Lengths of time as written in the configuration: `500ms`, `2s`, `3m`, `1h`, `180d`.
enum DurationText {
    private static let units: [(suffix: String, factor: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    static func read(_ text: String) -> Span? {
        QuantityText.read(text, units: units).map(Span.init(milliseconds:))
    }

    /// In the largest unit that loses nothing.
    static func write(_ span: Span) -> String {
        guard span.milliseconds != 0 else { return "0s" }
        let unit = units.first { span.milliseconds % $0.factor == 0 } ?? ("ms", 1)
        return "\(span.milliseconds / unit.factor)\(unit.suffix)"
    }
}

/// Numbers of bytes: `64MiB`, `2GiB`.
enum SizeText {
    private static let units: [(suffix: String, factor: Int64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ]

    static func read(_ text: String) -> Int64? {
        QuantityText.read(text, units: units)
    }

    static func write(_ bytes: Int64) -> String {
        let unit = units.first { bytes % $0.factor == 0 } ?? ("B", 1)
        return "\(bytes / unit.factor)\(unit.suffix)"
    }
}

private enum QuantityText {
    /// A whole number of at most 12 digits and one of the units, nothing between them.
    static func read(_ text: String, units: [(suffix: String, factor: Int64)]) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard (1...12).contains(digits.utf8.count), let count = Int64(digits),
            let unit = units.first(where: { $0.suffix == text[digits.endIndex...] })
        else { return nil }
        let (value, overflow) = count.multipliedReportingOverflow(by: unit.factor)
        return overflow ? nil : value
    }
}
