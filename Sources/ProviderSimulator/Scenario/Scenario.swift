/// What the providers do over some time: the lines of one `.jsonl` file.
package struct Scenario: Sendable, Equatable {
    package let name: String
    /// In the order of their times.
    package let lines: [ScenarioLine]

    package init(name: String, lines: [ScenarioLine]) {
        self.name = name
        self.lines = lines
    }
}
