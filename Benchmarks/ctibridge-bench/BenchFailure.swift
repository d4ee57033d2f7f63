/// Why something could not be measured: what failed, where, and what the operating system or the daemon said.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// With what `errno` says.
    init(_ what: String, errno code: Int32) {
        description = "\(what): \(systemMessage(code))"
    }
}
