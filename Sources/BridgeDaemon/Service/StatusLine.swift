/// How the daemon is, in one line for `systemctl status`.
struct StatusLine: Equatable {
    var sources: Int
    var down: Int
    var calls: Int
    /// What is wrong with the configuration since the last reload, if anything.
    var remark: String?

    var text: String {
        let counts =
            Self.count(sources, "source") + (down > 0 ? ", \(down) down" : "") + ", " + Self.count(calls, "call")
        return remark.map { "\(counts); \($0)" } ?? counts
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
