internal import Foundation

/// The table: printed section by section, so that what is measured shows at once.
struct Report {
    struct Row {
        let name: String
        let value: String
        let unit: String
        let target: String

        init(_ name: String, _ value: String, _ unit: String, target: String = "") {
            self.name = name
            self.value = value
            self.unit = unit
            self.target = target
        }
    }

    private static let nameWidth = 52

    static func begin(programs: String) {
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        line("ctibridge bench: \(ISO8601DateFormatter().string(from: Date())), \(cores) cores")
        line("programs: \(programs)")
        line("")
        line(pad("measured", nameWidth) + padLeft("value", 11) + "  " + pad("unit", 12) + "target")
        line(String(repeating: "-", count: nameWidth + 11 + 2 + 12 + 10))
    }

    /// - Parameter remarks: what a reader must know to judge the figures.
    static func section(_ title: String, _ rows: [Row], remarks: [String] = []) {
        line("\(title)  [load \(load())]")
        for row in rows {
            line(pad("  " + row.name, nameWidth) + padLeft(row.value, 11) + "  " + pad(row.unit, 12) + row.target)
        }
        for remark in remarks { line("  - " + remark) }
        line("")
    }

    static func failed(_ title: String, _ error: any Error) {
        line("\(title)\n  could not be measured: \(error)\n")
    }

    /// Of the whole machine, over the last minute: what else was going on.
    private static func load() -> String {
        (try? contents(of: "/proc/loadavg"))?.split(separator: " ").first.map(String.init) ?? "?"
    }

    private static func line(_ text: String) {
        print(text)
        fflush(nil)
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private static func padLeft(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

/// A figure for a person, in this many digits behind the point.
func decimal(_ value: Double, _ digits: Int) -> String {
    value.isNaN ? "-" : String(format: "%.\(digits)f", value)
}

func megabytes(_ kibibytes: Int?) -> String {
    kibibytes.map { decimal(Double($0) / 1_024, 1) } ?? "-"
}
