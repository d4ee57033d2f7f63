import CallModel
import Glibc
import HostSupport
import Intake
import Logging
import ServiceLifecycle
import Testing

@Suite("Starting and stopping the webhook listener", .timeLimit(.minutes(1)))
struct WebhookLifecycleTests {
    private func listener(
        _ settings: WebhookSettings, sink: ScriptedSink = ScriptedSink()
    ) throws -> WebhookListener {
        try WebhookListener(
            settings: settings, routes: [keyyoRoute()], sink: sink, clock: { Timestamp(milliseconds: 0) })
    }

    private func bindError(_ settings: WebhookSettings) async throws -> WebhookListenerError? {
        let listener = try listener(settings)
        defer { listener.close() }
        do throws(WebhookListenerError) {
            try listener.bind()
            return nil
        } catch {
            return error
        }
    }

    @Test("a port in use")
    func inUse() async throws {
        let first = try listener(WebhookSettings(port: 0))
        try first.bind()
        let port = try #require(first.boundPort)
        let error = try await bindError(WebhookSettings(port: port))
        #expect(error == .addressInUse("127.0.0.1:\(port)"))
        #expect(error?.description.contains("another process") == true)
        first.close()
    }

    @Test("addresses that cannot be")
    func badAddresses() async throws {
        #expect(
            try await bindError(WebhookSettings(host: "cti.example.com", port: 1))
                == .addressInvalid(host: "cti.example.com", port: 1))
        #expect(try await bindError(WebhookSettings(port: 65_536)) == .addressInvalid(host: "127.0.0.1", port: 65_536))
        #expect(
            try await bindError(WebhookSettings(host: "192.0.2.1", port: 0))
                == .addressNotOnThisMachine("192.0.2.1:0"))
    }

    @Test("descriptors that do not listen")
    func badDescriptors() async throws {
        guard case .descriptorUnusable = try await bindError(WebhookSettings(inheritedDescriptor: 9_999)) else {
            Issue.record("a closed descriptor was taken")
            return
        }
        let datagrams = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard case .descriptorUnusable = try await bindError(WebhookSettings(inheritedDescriptor: datagrams)) else {
            Issue.record("a datagram socket was taken")
            return
        }
        close(datagrams)
    }

    @Test("a descriptor that somebody else opened is served")
    func inherited() async throws {
        let descriptor = try BoundSocket.tcp(TCPEndpoint(host: "127.0.0.1", port: 0)).descriptor
        let port = try #require(TCPEndpoint(descriptor: descriptor)).port
        try await withListener(settings: WebhookSettings(inheritedDescriptor: descriptor)) { bound, _ in
            #expect(bound == port)
            try await expectGet(port, "\(keyyoPath)?a=b", is: 200)
        }
    }

    @Test("a graceful shutdown lets the request in progress end, closes idle connections, and returns")
    func graceful() async throws {
        let gate = Gate()
        let submitted = Gate()
        let sink = ScriptedSink { delivery in
            guard delivery.attributes["query"] == "slow" else { return .success(DeliveryReceipt()) }
            submitted.open()
            await gate.pass()
            return .success(DeliveryReceipt())
        }
        var settings = WebhookSettings(port: 0)
        settings.limits.stop = .seconds(30)
        let listener = try listener(settings, sink: sink)
        try listener.bind()
        let port = try #require(listener.boundPort)
        let services = ServiceGroup(services: [listener], logger: Logger(label: "tests"))
        let run = Task { try await services.run() }
        let idle = try await RawConnection(port: port)
        idle.send("GET \(keyyoPath)?a=b HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(await idle.reply()?.status == 200)
        let busy = try await RawConnection(port: port)
        busy.send("GET \(keyyoPath)?slow HTTP/1.1\r\nHost: h\r\n\r\n")
        await submitted.pass()
        await services.triggerGracefulShutdown()
        #expect(await idle.untilClosed().isEmpty)
        gate.open()
        let reply = await busy.reply()
        #expect(reply?.status == 200)
        #expect(reply?.headers["connection"] == "close")
        try await run.value
        await #expect(throws: (any Error).self) { _ = try await RawConnection(port: port) }
    }

    @Test("a graceful shutdown does not wait for a body that never becomes whole")
    func gracefulInBody() async throws {
        var settings = WebhookSettings(port: 0)
        settings.limits.request = .seconds(600)
        settings.limits.stop = .milliseconds(50)
        let sink = ScriptedSink()
        let listener = try WebhookListener(
            settings: settings, routes: [dmcRoute], sink: sink, clock: { Timestamp(milliseconds: 0) })
        try listener.bind()
        let port = try #require(listener.boundPort)
        let services = ServiceGroup(services: [listener], logger: Logger(label: "tests"))
        let run = Task { try await services.run() }
        let half = try await RawConnection(port: port)
        half.send("POST \(dmcPath) HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\nabc")
        #expect(await half.reply()?.status == 100)
        await services.triggerGracefulShutdown()
        try await run.value
        #expect(sink.deliveries.isEmpty)
    }

    @Test("stopping while connections arrive")
    func stoppedWhileAccepting() async throws {
        for _ in 0..<10 {
            try await withListener { port, _ in
                for _ in 0..<20 {
                    Task {
                        let connection = try await RawConnection(port: port)
                        connection.send("GET \(keyyoPath)?a=b HTTP/1.1\r\nHost: h\r\n\r\n")
                        _ = await connection.reply()
                    }
                }
                let first = try await RawConnection(port: port)
                await first.close()
            }
        }
    }

    @Test("who connects before the routes are known waits for them")
    func waitsForRoutes() async throws {
        let listener = try WebhookListener(
            settings: WebhookSettings(port: 0), routes: [], sink: ScriptedSink(),
            clock: { Timestamp(milliseconds: 0) })
        try listener.bind()
        let early = try await RawConnection(port: try #require(listener.boundPort))
        early.send("GET \(keyyoPath)?a=b HTTP/1.1\r\nHost: h\r\n\r\n")
        listener.replace(routes: [keyyoRoute()], trustedProxies: [])
        try await listener.start()
        #expect(await early.reply()?.status == 200)
        listener.close()
    }

    @Test("a listener runs once")
    func once() async throws {
        let listener = try listener(WebhookSettings(port: 0))
        try listener.bind()
        #expect(throws: WebhookListenerError.alreadyUsed) { try listener.bind() }
        listener.close()
        await #expect(throws: WebhookListenerError.alreadyUsed) { try await listener.run() }
    }
}
