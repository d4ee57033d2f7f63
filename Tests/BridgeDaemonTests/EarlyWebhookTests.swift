import BridgeConfiguration
import Foundation
import Glibc
import HostSupport
import Logging
import NIOCore
import NIOPosix
import ScratchDirectory
import SystemdSupport
import Testing

@testable import BridgeDaemon

/// Pushes that come while the daemon starts: nobody repeats what was answered `404`.
@Suite struct EarlyWebhookTests {
    @Test func aPushThatWaitsAtTheSocketIsKept() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let directory = scratch.path
        let secret = "secret-of-the-hook-for-tests"
        try scratch.write(secret, to: "hook")
        let yaml = """
            country: FR
            stdout: never
            sources: [{name: desk, provider: keyyo, account: "33199000021", secret: {credential: hook}}]
            webhooks: {listen: "127.0.0.1:1"}
            """
        let configuration = try ConfigurationReader.read(
            bytes: Array(yaml.utf8), path: "\(directory)/ctibridge.yaml", mode: 0o600, credentialsDirectory: directory,
            providers: ProviderCatalog.shipped.settings)
        let given = try BoundSocket.tcp(TCPEndpoint(host: "127.0.0.1", port: 0))
        let port = try #require(TCPEndpoint(descriptor: given.descriptor)?.port)
        let push =
            "GET /hooks/keyyo/desk/\(secret)?account=33199000021&caller=33639980001&callee=33199000021&type=SETUP"
            + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        let clients = try (0..<20).map { _ in try Self.send(push, port: port) }
        let bridge = try Bridge(
            options: DaemonOptions(
                configuration: "\(directory)/ctibridge.yaml", checksConfiguration: false, stdout: false,
                stateDirectory: directory, runtimeDirectory: directory, credentialsDirectory: directory),
            configuration: configuration, providers: .shipped,
            inherited: InheritedSockets(descriptors: ["webhook": [given.descriptor]]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await bridge.start()
        for client in clients {
            let answer = try await NIOThreadPool.singleton.runIfActive { Self.answer(on: client) }
            #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer)")
        }
        await bridge.close()
    }

    private static func send(_ text: String, port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        let code = address.withSockAddr { connect(descriptor, $0, socklen_t($1)) }
        try #require(code == 0)
        let bytes = Array(text.utf8)
        #expect(Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
        return descriptor
    }

    /// The beginning of it; closes the connection.
    private static func answer(on descriptor: Int32) -> String {
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
