import BridgeConfiguration
import BridgeDaemon
import CallModel
import CurlTransport
import Foundation
import Logging
import ScratchDirectory
import ServiceLifecycle
import SystemdSupport
import Testing
import UnixSignals

/// A whole daemon in this process: real journal, real sockets, real webhook listener.
struct BridgeUnderTest {
    let webhookPort: Int
    private let apiSocket: String
    private let client: CurlClient

    /// Runs a daemon with the configuration for the time of `body`.
    static func run(
        _ yaml: String, providers: ProviderCatalog, _ body: (BridgeUnderTest) async throws -> Void
    ) async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let directory = scratch.path
        let configuration = try ConfigurationReader.read(
            bytes: Array(yaml.utf8), path: "\(directory)/ctibridge.yaml", mode: 0o600, credentialsDirectory: nil,
            providers: providers.settings)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let bridge = try Bridge(
            options: DaemonOptions(
                configuration: "\(directory)/ctibridge.yaml", checksConfiguration: false, stdout: false,
                stateDirectory: directory, runtimeDirectory: directory, credentialsDirectory: nil),
            configuration: configuration, providers: providers, inherited: .none, logger: logger)
        do {
            try await bridge.start()
        } catch {
            await bridge.close()
            throw error
        }
        let group = ServiceGroup(
            configuration: .init(
                services: bridge.services(
                    notifier: ServiceNotifier(), told: ToldStatus(ServiceNotifier()),
                    reloads: await UnixSignalsSequence(trapping: .sighup)
                ).map {
                    .init(service: $0, successTerminationBehavior: .ignore)
                }, logger: logger))
        let running = Task { try await group.run() }
        let client = CurlClient()
        let result: Result<Void, any Error>
        do {
            let port = try #require(bridge.webhookPort)
            try await body(
                BridgeUnderTest(webhookPort: port, apiSocket: "\(directory)/api.sock", client: client))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        _ = await running.result
        await bridge.close()
        client.shutdown()
        try result.get()
    }

    /// The status with which the listener answers.
    func post(_ body: String, to path: String) async throws -> Int {
        try await client.execute(
            HTTPRequest(.post, "http://127.0.0.1:\(webhookPort)\(path)", body: Array(body.utf8))
        ).status
    }

    /// The answer to a request for a call.
    func placeCall(_ body: String) async throws -> (status: Int, text: String) {
        let reply = try await client.execute(
            HTTPRequest(
                .post, "http://localhost/v1/calls", headers: [.init("Content-Type", "application/json")],
                body: Array(body.utf8), unixSocketPath: apiSocket))
        return (reply.status, String(decoding: reply.body, as: UTF8.self))
    }

    /// What the control API answers.
    func get(_ path: String) async throws -> String {
        let reply = try await client.execute(HTTPRequest(.get, "http://localhost\(path)", unixSocketPath: apiSocket))
        return String(decoding: reply.body, as: UTF8.self)
    }

    /// Every line of the stream up to now.
    func lines() async throws -> [String] {
        try await get("/v1/events?after=oldest&follow=false").split(separator: "\n").map(String.init)
    }
}
