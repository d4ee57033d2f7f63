/// What the terminal at hand can show.
package struct TerminalStyle: Sendable, Hashable {
    /// The raw values are SGR parameters (ECMA-48, section 8.3.117).
    package enum Paint: String, Sendable {
        case dim = "2"
        case bold = "1"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }

    /// When to use colours: `auto` is on terminals.
    package enum Colour: String, Sendable, CaseIterable {
        case auto, always, never
    }

    /// Whether `paint` does anything.
    package var colour: Bool
    /// Whether arrows may be arrows; else they are `->`.
    package var unicode: Bool

    package init(colour: Bool = false, unicode: Bool = true) {
        self.colour = colour
        self.unicode = unicode
    }

    /// The style for `output`, by `NO_COLOR` (no-color.org), `TERM` and the locale.
    package init(for output: OutputDescriptor, colour: Colour, environment: (String) -> String?) {
        let locale = (environment("LC_ALL") ?? environment("LC_CTYPE") ?? environment("LANG") ?? "").uppercased()
        unicode = locale.contains("UTF-8") || locale.contains("UTF8")
        self.colour =
            switch colour {
            case .always: true
            case .never: false
            case .auto: output.isTerminal && environment("NO_COLOR") == nil && environment("TERM") != "dumb"
            }
    }

    /// Text as it is where there is no colour, or none is asked for.
    package func paint(_ text: String, _ paint: Paint?) -> String {
        guard colour, let paint, !text.isEmpty else { return text }
        return "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m"
    }
}
