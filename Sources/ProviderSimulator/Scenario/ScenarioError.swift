/// One mistake in a scenario file, printed as `FILE:LINE: message`.
package struct ScenarioError: Error, Equatable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let message: String

    package var description: String { "\(file):\(line): \(message)" }
}

/// Every mistake in a scenario file, in the order of its lines, so that one run shows them all.
package struct ScenarioErrors: Error, Equatable, CustomStringConvertible {
    package let errors: [ScenarioError]

    package var description: String { errors.map(\.description).joined(separator: "\n") }
}

/// What is wrong inside one line, before its place is known.
struct ScenarioFault: Error, Equatable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
