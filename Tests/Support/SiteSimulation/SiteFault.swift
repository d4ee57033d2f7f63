/// Where the stream and the truth part.
package struct SiteFault: Sendable, CustomStringConvertible {
    /// Which promise was broken: a shrunk scenario breaks the same one.
    package var rule: String
    /// The part of the scenario it is about, where that is known.
    package var part: Int?
    package var detail: String

    package var description: String { "\(rule): \(detail)" }
}

/// Rules of the tracker that are being worked on. Each is true once the tracker keeps it.
package enum Expectation {
    /// A queue stay and the agents' own lines are linked, so that the line of an agent who lost the race says
    /// `answered_elsewhere` and not `missed`.
    package static let queueAndLinesAreLinked = true
}
