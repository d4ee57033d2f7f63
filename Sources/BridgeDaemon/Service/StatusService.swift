import ServiceLifecycle

/// Keeps the line of `systemctl status` true: looks every few seconds, and speaks where it has changed.
struct StatusService: Service {
    static let interval = Duration.seconds(3)

    let bridge: Bridge
    let told: ToldStatus

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: Self.interval)) != nil { look() }
        }
    }

    /// The last word is that it is stopping.
    func look() {
        bridge.unlessStopping { told.tell { bridge.status } }
    }
}
