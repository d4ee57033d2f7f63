package import CallModel

/// Shows the parties of a call.
package struct PartyText: Sendable, Hashable {
    package var numbers: EventEncoder.Numbers

    package init(numbers: EventEncoder.Numbers) {
        self.numbers = numbers
    }

    /// The number of a party and, where it is known, its name: `+33639980001 (Jean Petit)`. Nil where neither is.
    package func text(_ party: JSONValue?, name: JSONValue? = nil) -> String? {
        let number = self.number(party)
        let name = numbers == .masked ? nil : (name ?? party?["name"])?.text.map(TerminalText.plain)
        return switch (number, name) {
        case (let number?, let name?) where name != number: "\(number) (\(name))"
        case (let number?, _): number
        case (nil, let name): name
        }
    }

    /// The number alone: certain, else as received, else the line, else what kind of party it is.
    package func number(_ party: JSONValue?) -> String? {
        guard let party else { return nil }
        if let text = party["number"]?.text ?? party["raw"]?.text, !text.isEmpty { return masked(text) }
        if let kind = party["kind"]?.text, kind == "anonymous" || kind == "voicemail" { return kind }
        return party["line"]?.text.map(masked)
    }

    /// What a provider or a sender wrote, which may hold a number.
    func words(_ text: String) -> String {
        TerminalText.plain(numbers == .masked ? maskedText(text) : text)
    }

    /// What is no number may be somebody's name, and is hidden whole; what came masked stays.
    package func masked(_ text: String) -> String {
        guard numbers == .masked else { return TerminalText.plain(text) }
        let isNumber = NumberPlan.digits(of: text.replacing("*", with: "0")) != nil
        return TerminalText.plain(isNumber ? maskedNumber(text) : "***")
    }
}
