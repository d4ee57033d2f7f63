internal import Foundation

/// What a process takes, as `/proc` tells.
struct ProcessUsage: Sendable {
    struct ThreadTime: Sendable {
        let name: String
        let nanoseconds: Int64
    }

    let residentKiB: Int
    /// Its share of the pages that it has in common with others; nil where the kernel does not tell.
    let proportionalKiB: Int?
    /// By the id of the thread, processor time since its start. Threads that have ended are missing.
    let threads: [Int: ThreadTime]
    let takenAt: Int64

    init(of id: Int32) throws(BenchFailure) {
        residentKiB = try Self.field("VmRSS:", in: "/proc/\(id)/status")
        proportionalKiB = try? Self.field("Pss:", in: "/proc/\(id)/smaps_rollup")
        var threads: [Int: ThreadTime] = [:]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task")) ?? []
        for thread in names.compactMap({ Int($0) }) {
            let place = "/proc/\(id)/task/\(thread)"
            // Nanoseconds on the processor come first; `stat` counts only hundredths of a second.
            guard let time = (try? contents(of: "\(place)/schedstat"))?.split(separator: " ").first,
                let nanoseconds = Int64(time), let name = try? contents(of: "\(place)/comm")
            else { continue }
            threads[thread] = ThreadTime(
                name: name.trimmingCharacters(in: .whitespacesAndNewlines), nanoseconds: nanoseconds)
        }
        guard !threads.isEmpty else { throw BenchFailure("no thread times in /proc/\(id)/task/*/schedstat") }
        self.threads = threads
        takenAt = monotonicNanoseconds()
    }

    private static func field(_ name: String, in path: String) throws(BenchFailure) -> Int {
        for line in try contents(of: path).split(separator: "\n") where line.hasPrefix(name) {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            if words.count > 1, let value = Int(words[1]) { return value }
        }
        throw BenchFailure("\(path) has no \(name)")
    }

    /// The threads that worked since then, the busiest first, in ns.
    func work(since earlier: ProcessUsage) -> [ThreadTime] {
        threads.map { id, time in
            ThreadTime(name: time.name, nanoseconds: time.nanoseconds - (earlier.threads[id]?.nanoseconds ?? 0))
        }
        .filter { $0.nanoseconds > 0 }
        .sorted { $0.nanoseconds > $1.nanoseconds }
    }

    /// Percent of one core since then.
    func load(since earlier: ProcessUsage) -> Double {
        let worked = work(since: earlier).reduce(0) { $0 + $1.nanoseconds }
        return 100 * Double(worked) / Double(max(1, takenAt - earlier.takenAt))
    }

    /// The busiest threads as a remark, in percent of one core.
    func busiest(since earlier: ProcessUsage) -> String {
        let elapsed = Double(max(1, takenAt - earlier.takenAt))
        return work(since: earlier).prefix(5)
            .map { "\($0.name) \(decimal(100 * Double($0.nanoseconds) / elapsed, 2)) %" }
            .joined(separator: ", ")
    }
}
