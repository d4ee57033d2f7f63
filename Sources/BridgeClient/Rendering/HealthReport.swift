/// Whether all is well, for a monitoring system.
package struct HealthReport: Sendable {
    private let sources: Int
    /// What is wrong, a line each.
    private let troubles: [String]

    /// - Parameters:
    ///   - notReady: why the daemon is not ready, if so.
    ///   - sources: as `GET /v1/sources` lists them.
    package init(notReady: String?, sources: [JSONValue]) {
        self.sources = sources.count
        troubles =
            (notReady.map { ["not ready: \($0)"] } ?? []) + sources.compactMap(Self.trouble)
            + (sources.isEmpty ? ["no source is configured"] : [])
    }

    package var isWell: Bool { troubles.isEmpty }

    /// One line where all is well, else one a trouble. Nothing in them can move a terminal's cursor.
    package var text: String {
        let lines = isWell ? ["ok: \(sources) source\(sources == 1 ? "" : "s")"] : troubles
        return lines.map { TerminalText.plain($0) + "\n" }.joined()
    }

    /// One that waits to be told or asked, or for its first answer, is well.
    private static func trouble(_ source: JSONValue) -> String? {
        let state = source["state"]?.text ?? "unknown"
        guard !["up", "passive", "starting"].contains(state) else { return nil }
        let name = source["source"]?.text ?? "?"
        let since = source["since"]?.text.map { " since \($0)" } ?? ""
        let why = source["last_error"]?.text.map { ": \($0)" } ?? ""
        return "\(name) \(state)\(since)\(why)"
    }
}
