/// What the daemon takes while nothing happens: three sources, of which one polls.
enum IdleFootprint {
    static let title = "Idle, three sources (OVH long poll, VoIPGRID, Keyyo)"
    private static let seconds = 20.0

    static func measure(programs: String) throws(BenchFailure) {
        let workspace = try Workspace(programs: programs)
        let (simulator, port) = try workspace.startSimulator()
        let configuration = """
            country: FR
            sources:
              - {name: paris, provider: ovh, token: {credential: ovh}, url: "http://127.0.0.1:\(port)/ovh"}
              - {name: sales, provider: voipgrid, username: agent@example.nl, password: {credential: voipgrid}, \
            url: "http://127.0.0.1:\(port)/voipgrid"}
            \(Notification.sourceConfiguration)
            webhooks: {listen: "127.0.0.1:\(try Workspace.freePort())"}

            """
        let daemon = try workspace.startDaemon(configuration: configuration)
        // Starting is not idling.
        sleep(seconds: 2)
        let before = try ProcessUsage(of: daemon.id)
        sleep(seconds: seconds)
        let after = try ProcessUsage(of: daemon.id)
        guard daemon.isRunning() else { throw BenchFailure("the daemon ended while it was watched") }
        Report.section(
            title,
            [
                .init("resident memory (VmRSS)", megabytes(after.residentKiB), "MiB", target: "<= 60"),
                .init("of that its own share (Pss)", megabytes(after.proportionalKiB), "MiB"),
                .init(
                    "processor time over \(Int(seconds)) s", decimal(after.load(since: before), 3), "% of a core",
                    target: "<= 0.5"),
                .init("threads", "\(after.threads.count)", ""),
            ],
            remarks: ["threads: \(after.busiest(since: before))"])
        withExtendedLifetime((daemon, simulator)) {}
    }
}
