/// Rows of text under headings, in columns as wide as what is in them.
package struct Table: Sendable {
    package struct Cell: Sendable {
        package let text: String
        package let paint: TerminalStyle.Paint?

        /// - Parameter text: May come from outside; it is made safe here. Empty or nil is shown as `-`.
        package init(_ text: String?, _ paint: TerminalStyle.Paint? = nil) {
            self.text = text.flatMap { $0.isEmpty ? nil : TerminalText.plain($0) } ?? "-"
            self.paint = paint
        }
    }

    private let headings: [String]
    private var rows: [[Cell]] = []

    package init(_ headings: [String]) {
        self.headings = headings
    }

    package var isEmpty: Bool { rows.isEmpty }

    package mutating func append(_ row: [Cell]) {
        rows.append(row)
    }

    /// One text a line, the headings first.
    ///
    /// - Parameters:
    ///   - columns: Where given, a longer line is cut, as it would otherwise break up the picture.
    ///   - wrapsLast: Whether the last column of a row that is too long goes to lines of its own below it instead.
    package func lines(style: TerminalStyle, columns: Int? = nil, wrapsLast: Bool = false) -> [String] {
        var widths = headings.map(TerminalText.width)
        for row in rows {
            for (index, cell) in row.enumerated() where index < widths.count {
                widths[index] = max(widths[index], TerminalText.width(cell.text))
            }
        }
        let head = headings.map { Cell($0, .dim) }
        var lines = [line(head, widths: widths, style: style, columns: columns)]
        for row in rows {
            let used = widths.prefix(max(0, row.count - 1)).reduce(0) { $0 + $1 + 2 }
            guard wrapsLast, let columns, let last = row.last, used + TerminalText.width(last.text) > columns else {
                lines.append(line(row, widths: widths, style: style, columns: columns))
                continue
            }
            lines.append(line(row.dropLast(), widths: widths, style: style, columns: columns))
            for part in TerminalText.wrapped(last.text, to: max(20, columns - Self.indent.count)) {
                lines.append(Self.indent + style.paint(part, last.paint))
            }
        }
        return lines
    }

    private static let indent = "    "

    private func line(_ row: [Cell], widths: [Int], style: TerminalStyle, columns: Int?) -> String {
        var line = ""
        var used = 0
        for (index, cell) in row.enumerated() {
            let gap = index == 0 ? 0 : 2
            let isLast = index == row.count - 1
            var text = isLast ? cell.text : TerminalText.padded(cell.text, to: widths[index])
            if let columns {
                let room = columns - used - gap
                guard room > 0 else { break }
                text = TerminalText.cut(text, to: room)
            }
            line += String(repeating: " ", count: gap) + style.paint(text, cell.paint)
            used += gap + TerminalText.width(text)
        }
        return line
    }
}
