/// One mistake in a scenario file, printed as `FILE:LINE: message`.
package struct ScenarioError: Error, Equatable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let message: String

    package var description: String { "\(file):\(line): \(message)" }
}
