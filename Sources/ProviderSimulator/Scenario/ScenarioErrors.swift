/// Every mistake in a scenario file, in the order of its lines, so that one run shows them all.
package struct ScenarioErrors: Error, Equatable, CustomStringConvertible {
    package let errors: [ScenarioError]

    package var description: String { errors.map(\.description).joined(separator: "\n") }
}
