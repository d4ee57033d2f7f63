/// A line of a recording that cannot be used.
package struct RecordingFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Counted from 1.
    package let line: Int
    package let message: String

    package init(line: Int, _ message: String) {
        self.line = line
        self.message = message
    }

    package var description: String { "\(line): \(message)" }
}
