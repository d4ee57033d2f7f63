internal import Glibc

/// `ctibridge-bench`: starts the real programs on loopback and reports what they take and how fast they are.
///
/// It reports and does not judge: a figure beyond its target is no failure, one that could not be had is.
@main
struct Bench {
    private enum Measurement: String, CaseIterable {
        case latency
        case idle
        case tokens
        case rate

        var title: String {
            switch self {
            case .latency: PushLatency.title
            case .idle: IdleFootprint.title
            case .tokens: TokenMemory.title
            case .rate: PushRate.title
            }
        }

        func run(programs: String) throws(BenchFailure) {
            switch self {
            case .latency: try PushLatency.measure(programs: programs)
            case .idle: try IdleFootprint.measure(programs: programs)
            case .tokens: try TokenMemory.measure(programs: programs)
            case .rate: try PushRate.measure(programs: programs)
            }
        }
    }

    private static let usage = """
        usage: ctibridge-bench DIRECTORY [latency|idle|tokens|rate]...
        DIRECTORY holds ctibridged and ctibridge-sim, built for release. Without names everything is measured.
        exit codes: 0 measured, 64 usage, 66 no programs there, 70 something could not be measured

        """

    static func main() {
        // Before any file is made: the daemon refuses secrets that others could read.
        umask(0o077)
        let arguments = Array(CommandLine.arguments.dropFirst())
        let chosen = arguments.dropFirst().map { Measurement(rawValue: $0) }
        guard let programs = arguments.first, !programs.hasPrefix("-"), !chosen.contains(nil) else {
            complain(usage)
            exit(64)
        }
        for name in ["ctibridged", "ctibridge-sim"] where access("\(programs)/\(name)", X_OK) != 0 {
            complain("ctibridge-bench: no program \(programs)/\(name); `make bench` builds it\n")
            exit(66)
        }
        Children.endOnSignals()
        raiseDescriptorLimit()
        Report.begin(programs: programs)
        var code: Int32 = 0
        for measurement in Measurement.allCases where chosen.isEmpty || chosen.contains(measurement) {
            do throws(BenchFailure) {
                try measurement.run(programs: programs)
            } catch {
                Report.failed(measurement.title, error)
                code = 70
            }
        }
        exit(code)
    }

    private static func complain(_ text: String) {
        _ = text.utf8.withContiguousStorageIfAvailable { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// The programs inherit it; a thousand polls are a thousand descriptors in each of them.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
