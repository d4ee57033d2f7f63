/// Where the stream and the truth part.
package struct SiteFault: Sendable, CustomStringConvertible {
    /// Which promise was broken: a shrunk scenario breaks the same one.
    package var rule: String
    /// The part of the scenario it is about, where that is known.
    package var part: Int?
    package var detail: String

    package var description: String { "\(rule): \(detail)" }
}
